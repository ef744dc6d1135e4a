/* Folders made and taken away; fresh names. */
#include "test.h"

#include "base/files.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[32];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/heavyopt-files-XXXXXX");
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    ho_folder_remove(folder);
    return access(folder, F_OK) == 0 ? -1 : 0;
}

static void folders_are_made_and_only_those_are_taken_away(void **state)
{
    (void)state;
    char *a = ho_path_join(folder, "a"), *c = ho_path_join(folder, "a/b//c/");
    size_t made = 0, again = 0;
    assert_int_equal(mkdir(a, 0777), 0);
    assert_int_equal(ho_folders_make(c, 0700, &made), 0);
    struct stat facts;
    assert_int_equal(stat(c, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0700);
    assert_int_equal(made, strlen(a) + 2);
    assert_int_equal(ho_folders_make(c, 0700, &again), 0);
    assert_int_equal(again, 0);
    ho_folders_unmake(c, again);
    assert_int_equal(access(c, F_OK), 0);
    ho_folders_unmake(c, made);
    assert_int_equal(access(a, F_OK), 0);
    assert_int_equal(rmdir(a), 0);
    free(a);
    free(c);
}

static void a_file_in_the_way_is_an_error(void **state)
{
    (void)state;
    char *file = ho_path_join(folder, "file"), *below = ho_path_join(file, "below");
    size_t made = 0;
    FILE *f = fopen(file, "w");
    assert_non_null(f);
    fclose(f);
    assert_int_equal(ho_folders_make(file, 0777, &made), ENOTDIR);
    assert_int_equal(ho_folders_make(below, 0777, &made), ENOTDIR);
    assert_int_equal(made, 0);
    if (ho_memory_fail_at(1)) assert_int_equal(ho_folders_make(below, 0777, &made), ENOMEM);
    ho_memory_fail_at(0);
    free(file);
    free(below);
}

static void fresh_names_differ(void **state)
{
    (void)state;
    char *a = ho_path_fresh("stem-"), *b = ho_path_fresh("stem-");
    assert_int_equal(strlen(a), 5 + 16);
    assert_memory_equal(a, "stem-", 5);
    assert_string_not_equal(a, b);
    free(a);
    free(b);
}

static void a_removed_folder_spares_what_its_links_point_to(void **state)
{
    (void)state;
    char *inner = ho_path_join(folder, "inner"), *link = ho_path_join(inner, "link");
    char *kept = ho_path_join(folder, "kept");
    assert_int_equal(mkdir(inner, 0777), 0);
    assert_int_equal(mkdir(kept, 0777), 0);
    assert_int_equal(symlink(kept, link), 0);
    ho_folder_remove(inner);
    assert_int_not_equal(access(inner, F_OK), 0);
    assert_int_equal(access(kept, F_OK), 0);
    free(inner);
    free(link);
    free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(folders_are_made_and_only_those_are_taken_away, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_file_in_the_way_is_an_error, make_folder, remove_folder),
        cmocka_unit_test(fresh_names_differ),
        cmocka_unit_test_setup_teardown(a_removed_folder_spares_what_its_links_point_to, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
