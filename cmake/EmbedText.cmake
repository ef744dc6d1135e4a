# Makes a C file that defines `const char NAME[]` with the bytes of a text file and a final 0:
#   cmake -DIN=page.css -DOUT=page_css.c -DNAME=ho_page_css -P EmbedText.cmake
# An array of numbers, since a string literal of this length is more than C compilers must take.
file(READ "${IN}" bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
file(WRITE "${OUT}" "extern const char ${NAME}[];\nconst char ${NAME}[] = {${bytes}0};\n")
