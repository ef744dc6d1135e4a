/* Paths, folders made and taken away, names for what is not finished yet. Knows no format and no place. */
#ifndef HO_BASE_FILES_H
#define HO_BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* True for a URI, as s3://bucket/key: anything with a scheme but file://. */
bool ho_path_is_remote(const char *path);

/* The path behind file:///..., percents decoded; a copy of any other text. The caller frees it. NULL: no memory. */
char *ho_path_local(const char *path);

/* "folder/name", the query of a URI staying behind; the caller frees it. NULL: no memory. */
char *ho_path_join(const char *folder, const char *name);

/* "stem" and 16 random hexadecimal digits, for a file or folder that is renamed when it is complete: whoever makes it
 * asks the file system whether the name is free. NULL: no memory. */
char *ho_path_fresh(const char *stem);

/* Makes the folder and those above it that are missing; 0 or an errno. *made is how many bytes of the path name the
 * first one made, here or by a call before (0: none), so that they can be taken away again. */
int ho_folders_make(const char *path, mode_t mode, size_t *made);

/* Takes away the folders that ho_folders_make made, from the deepest up, as far as they are there and empty. */
void ho_folders_unmake(const char *path, size_t made);

/* Removes the folder and all in it, links unfollowed. What cannot be removed stays, and its folder with it. */
void ho_folder_remove(const char *path);

#endif
