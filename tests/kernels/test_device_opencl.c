/* The device kernels as OpenCL C: they give the bits of the reference. Any OpenCL device with doubles will do; PoCL, from
 * Debian, is one on the processor. Without OpenCL the program is skipped. */
#if defined(HO_HAVE_OPENCL)
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

#include "device_cases.h"

static cl_context context;
static cl_command_queue queue;
static cl_program program;

static void check(cl_int status, const char *what)
{
    if (status != CL_SUCCESS) fail_msg("OpenCL: %s: %d", what, (int)status);
}

static void give(cl_kernel kernel, cl_uint i, const device_argument *a, cl_mem *memory)
{
    static const size_t size[] = {
        [DEVICE_U32] = sizeof(uint32_t), [DEVICE_U64] = sizeof(uint64_t), [DEVICE_F64] = sizeof(double)};
    if (a->kind < DEVICE_IN) {
        check(clSetKernelArg(kernel, i, size[a->kind], &a->is), "an argument");
        return;
    }
    cl_int status = CL_SUCCESS;
    *memory = clCreateBuffer(context, CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR, a->bytes, a->memory, &status);
    check(status, "memory");
    check(clSetKernelArg(kernel, i, sizeof *memory, memory), "an argument");
}

static void device_run(const char *name, size_t items, size_t slots, const device_argument *arguments,
                       size_t count)
{
    cl_mem memory[16] = {NULL};
    cl_int status = CL_SUCCESS;
    cl_kernel kernel = clCreateKernel(program, name, &status);
    check(status, name);
    for (size_t i = 0; i < count; i++)
        give(kernel, (cl_uint)i, &arguments[i], &memory[i]);
    const size_t group[] = {HO_DEVICE_GROUP, 1};
    const size_t grid[] = {(items + HO_DEVICE_GROUP - 1) / HO_DEVICE_GROUP * HO_DEVICE_GROUP, slots};
    check(clEnqueueNDRangeKernel(queue, kernel, 2, NULL, grid, group, 0, NULL, NULL), name);
    for (size_t i = 0; i < count; i++) {
        if (arguments[i].kind == DEVICE_OUT)
            check(clEnqueueReadBuffer(queue, memory[i], CL_TRUE, 0, arguments[i].bytes, arguments[i].memory,
                                      0, NULL, NULL),
                  "a result");
    }
    check(clFinish(queue), name);
    for (size_t i = 0; i < count; i++) {
        if (memory[i] != NULL) clReleaseMemObject(memory[i]);
    }
    clReleaseKernel(kernel);
}

/* The first device with doubles of any platform; NULL: none. */
static cl_device_id find_device(void)
{
    cl_platform_id platform[8];
    cl_uint platforms = 0;
    if (clGetPlatformIDs(8, platform, &platforms) != CL_SUCCESS) return NULL;
    for (cl_uint p = 0; p < platforms && p < 8; p++) {
        cl_device_id device[8];
        cl_uint devices = 0;
        if (clGetDeviceIDs(platform[p], CL_DEVICE_TYPE_ALL, 8, device, &devices) != CL_SUCCESS) continue;
        for (cl_uint d = 0; d < devices && d < 8; d++) {
            cl_device_fp_config doubles = 0;
            if (clGetDeviceInfo(device[d], CL_DEVICE_DOUBLE_FP_CONFIG, sizeof doubles, &doubles, NULL) ==
                    CL_SUCCESS &&
                doubles != 0)
                return device[d];
        }
    }
    return NULL;
}

static cl_device_id device_found;

/* The whole of a small file. */
static char *text_of(const char *name)
{
    enum { MOST = 64 * 1024 };
    char path[512];
    snprintf(path, sizeof path, "%s/src/kernels/device/%s", getenv("HEAVYOPT_SOURCE"), name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = HO_NEW(char, MOST);
    assert_true(fread(text, 1, MOST - 1, file) > 0);
    fclose(file);
    return text;
}

static int build(void **state)
{
    static const char *const parts[] = {"words.h", "shapes.h", "swaps.inc", "sets.inc", "columns.inc"};
    static const char how[] = "-cl-std=CL1.2 -cl-fp32-correctly-rounded-divide-sqrt";
    char *text[COUNT_OF(parts)], log[4096] = "";
    cl_int status = CL_SUCCESS;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        text[i] = text_of(parts[i]);
    context = clCreateContext(NULL, 1, &device_found, NULL, NULL, &status);
    check(status, "a context");
    queue = clCreateCommandQueue(context, device_found, 0, &status);
    check(status, "a queue");
    program = clCreateProgramWithSource(context, COUNT_OF(parts), (const char **)text, NULL, &status);
    check(status, "a program");
    status = clBuildProgram(program, 1, &device_found, how, NULL, NULL);
    (void)clGetProgramBuildInfo(program, device_found, CL_PROGRAM_BUILD_LOG, sizeof log, log, NULL);
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        free(text[i]);
    if (status != CL_SUCCESS) fail_msg("OpenCL: the kernels do not compile:\n%s", log);
    return 0;
}

static int release(void **state)
{
    (void)state;
    clReleaseProgram(program);
    clReleaseCommandQueue(queue);
    clReleaseContext(context);
    return 0;
}

int main(void)
{
    char name[128] = "";
    device_found = find_device();
    if (device_found == NULL) {
        puts("skipped: no OpenCL device with doubles (Debian: pocl-opencl-icd)");
        return 77;
    }
    (void)clGetDeviceInfo(device_found, CL_DEVICE_NAME, sizeof name, name, NULL);
    printf("on %s\n", name);
    return cmocka_run_group_tests_name("device kernels in OpenCL", device_tests, build, release);
}
#else
#include <stdio.h>

int main(void)
{
    puts("skipped: built without OpenCL (Debian: opencl-headers ocl-icd-opencl-dev pocl-opencl-icd)");
    return 77;
}
#endif
