# The plug-in for NVIDIA devices, with -DHEAVYOPT_CUDF=ON: a folder heavyopt_cudf beside the library with it and links
# to what it needs, so that no path of this machine is in it. cuDF and its libraries come from pip's wheels
# (tools/setup --cudf), the compiler and cuBLAS from the machine's CUDA toolkit. The wheels' own CMake configs want CMake 4.
set(HEAVYOPT_CUDF_SITE "${HEAVYOPT_SITE}" CACHE PATH "A Python site-packages folder with libcudf and librmm")
find_program(HEAVYOPT_NVCC nvcc HINTS /usr/local/cuda/bin ENV CUDA_HOME PATH_SUFFIXES bin)
set(site "${HEAVYOPT_CUDF_SITE}")
file(GLOB cudf_dist "${site}/libcudf_cu*.dist-info")
if(NOT HEAVYOPT_NVCC OR NOT cudf_dist OR NOT EXISTS "${site}/librmm/lib64/librmm.so")
  message(FATAL_ERROR "HEAVYOPT_CUDF is ON, and there is no nvcc, or no libcudf and librmm in HEAVYOPT_CUDF_SITE: "
    "see docs/GPU.md")
endif()
string(REGEX REPLACE ".*-([0-9.]+)\\.dist-info$" "\\1" cudf_version "${cudf_dist}")
get_filename_component(toolkit "${HEAVYOPT_NVCC}" REALPATH)
get_filename_component(toolkit "${toolkit}/../.." ABSOLUTE)
set(folder "${CMAKE_BINARY_DIR}/heavyopt_cudf")
set(plugin "${CMAKE_SOURCE_DIR}/src/bridge/cudf/plugin")

# Everything is NEEDED by the plug-in itself: where a library is looked for is no business of those that it needs.
set(libraries "")
foreach(pattern libcudf/lib64/libcudf.so librmm/lib64/librmm.so libkvikio/lib64/libkvikio.so
    rapids_logger/lib64/librapids_logger.so nvidia/libnvcomp/lib64/libnvcomp.so.[0-9]
    nvidia/cu*/lib/libnvJitLink.so.[0-9]* nvidia/cu*/lib/libnvrtc.so.[0-9]*)
  file(GLOB found "${site}/${pattern}")
  if(NOT found)
    message(FATAL_ERROR "HEAVYOPT_CUDF is ON, and there is no ${site}/${pattern}")
  endif()
  list(APPEND libraries ${found})
endforeach()
file(GLOB blas "${toolkit}/lib64/libcublas.so.[0-9]*" "${toolkit}/lib64/libcublasLt.so.[0-9]*")
list(FILTER blas INCLUDE REGEX "\\.so\\.[0-9]+$")
file(GLOB private_libraries "${site}/*.libs/*.so*" "${site}/nvidia/cu*/lib/libnvrtc-builtins.so.*"
  "${site}/nvidia/cu*/lib/libcufile.so.*")
file(MAKE_DIRECTORY "${folder}")
foreach(library IN LISTS libraries blas private_libraries)
  get_filename_component(name "${library}" NAME)
  get_filename_component(real "${library}" REALPATH)
  file(CREATE_LINK "${real}" "${folder}/${name}" SYMBOLIC)
  install(FILES "${real}" RENAME "${name}" DESTINATION "${CMAKE_INSTALL_LIBDIR}/heavyopt_cudf")
endforeach()

set(object "${CMAKE_CURRENT_BINARY_DIR}/cudf_launch.o")
file(GLOB kernel_texts CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/kernels/device/*")
add_custom_command(OUTPUT "${object}" DEPENDS "${plugin}/launch.cu" "${plugin}/launch.hpp" ${kernel_texts}
  COMMAND "${HEAVYOPT_NVCC}" -std=c++20 -O3 -fmad=false -Xcompiler=-fPIC,-fvisibility=hidden
    "-I${CMAKE_SOURCE_DIR}/src" -gencode arch=compute_80,code=sm_80
    -gencode "arch=compute_90,code=[sm_90,compute_90]" -c "${plugin}/launch.cu" -o "${object}" VERBATIM)
add_library(heavyopt_cudf MODULE "${plugin}/engine.cpp" "${plugin}/data.cpp" "${plugin}/work.cpp" "${object}")
target_include_directories(heavyopt_cudf PRIVATE "${CMAKE_SOURCE_DIR}/src")
target_include_directories(heavyopt_cudf SYSTEM PRIVATE "${site}/libcudf/include" "${site}/libcudf/include/rapids"
  "${site}/librmm/include" "${site}/rapids_logger/include" "${toolkit}/include")
target_compile_definitions(heavyopt_cudf PRIVATE HO_CUDF_VERSION="${cudf_version}")
target_compile_options(heavyopt_cudf PRIVATE -fvisibility=hidden -Wall -Wextra -Wpedantic -Wshadow)
if(HEAVYOPT_WERROR)
  target_compile_options(heavyopt_cudf PRIVATE -Werror)
endif()
foreach(library IN LISTS libraries)
  get_filename_component(name "${library}" NAME)
  target_link_libraries(heavyopt_cudf PRIVATE "-l:${name}")
endforeach()
target_link_libraries(heavyopt_cudf PRIVATE -l:libcublas.so.13 "${toolkit}/lib64/libcudart_static.a" dl rt pthread)
target_link_options(heavyopt_cudf PRIVATE "LINKER:--no-as-needed" "-L${folder}" "LINKER:-rpath-link,${folder}" "LINKER:--no-undefined"
  "LINKER:--version-script=${plugin}/plugin.map" "LINKER:--exclude-libs,ALL")
set_target_properties(heavyopt_cudf PROPERTIES OUTPUT_NAME heavyopt_cudf LIBRARY_OUTPUT_DIRECTORY "${folder}"
  LINK_DEPENDS "${plugin}/plugin.map" INSTALL_RPATH "$ORIGIN" BUILD_WITH_INSTALL_RPATH ON)
message(STATUS "cuDF plug-in: libcudf ${cudf_version}, CUDA toolkit ${toolkit}")

install(TARGETS heavyopt_cudf LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/heavyopt_cudf")
