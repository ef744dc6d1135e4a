/* Writers that are killed, and writers and readers at once: whoever looks finds the old store or the new one. */
#include "store/store_test.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KILLS = 30 };

static void wait_us(uint32_t microseconds)
{
    struct timespec time = {.tv_nsec = (long)microseconds * 1000};
    nanosleep(&time, NULL);
}

/* Writes one panel after the other, until it is killed. */
static pid_t start_writer(const char *place, ho_panel *const panels[2])
{
    pid_t child = fork();
    if (child != 0) return child;
    /* it must not outlive a test that failed, and must leave the processor to a reader on a busy machine */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(300);
    ho_error err;
    for (size_t i = 0;; i++) {
        if (ho_store_write(place, panels[(i + 1) % 2], NULL, NULL, &err) != HO_OK) _exit(1);
        wait_us(1000);
    }
}

static void end_writer(pid_t child)
{
    int how = 0;
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how)); /* it had not failed before */
}

static bool one_of(ho_panel *const panels[2], const char *place)
{
    ho_error err;
    ho_panel *back = NULL;
    ho_load_report read = {0};
    assert_ok(ho_store_read(place, 1, &back, &read, &err));
    bool first = same_panel(panels[0], back);
    assert_true(first || same_panel(panels[1], back));
    ho_panel_free(&back);
    ho_load_report_clear(&read);
    return first;
}

static void a_killed_writer_leaves_the_old_or_the_new(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    char folder[64], place[96];
    make_folder(folder);
    snprintf(place, sizeof place, "%s/store", folder);
    ho_error err;
    ho_panel *panels[2] = {random_panel(90, 700, 0, 1, false, 1), random_panel(70, 650, 0, 2, true, 2)};
    ho_rng rng = ho_rng_new(1, "kill", 0);
    size_t firsts = 0, litter = 0;
    assert_ok(ho_store_write(place, panels[0], NULL, NULL, &err));
    for (size_t i = 0; i < KILLS; i++) {
        pid_t child = start_writer(place, panels);
        wait_us(500 + ho_rng_below(&rng, 60000));
        end_writer(child);
        firsts += one_of(panels, place);
        litter += entries_in(folder) > 1;
    }
    print_message("%d writers killed: %zu times the first store, %zu times something left beside it\n",
                  (int)KILLS, firsts, litter);
    assert_ok(ho_store_write(place, panels[1], NULL, NULL, &err));
    assert_int_equal(entries_in(folder), 1); /* the next writer cleans up */
    assert_false(one_of(panels, place));
    ho_panel_free(&panels[0]);
    ho_panel_free(&panels[1]);
    remove_folder(folder);
}

static void writers_and_readers_at_once_see_whole_stores(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    char folder[64], place[96];
    make_folder(folder);
    snprintf(place, sizeof place, "%s/store", folder);
    ho_error err;
    ho_panel *panels[2] = {random_panel(90, 200, 0, 1, false, 1), random_panel(90, 200, 0, 1, true, 2)};
    assert_ok(ho_store_write(place, panels[0], NULL, NULL, &err));
    pid_t writers[2] = {start_writer(place, panels), start_writer(place, panels)};
    size_t read = 0, refused = 0;
    for (size_t i = 0; i < 100; i++) {
        ho_panel *back = NULL;
        ho_load_report report = {0};
        if (ho_store_read(place, 1, &back, &report, &err) == HO_OK) {
            assert_true(same_panel(panels[0], back) || same_panel(panels[1], back));
            read++;
        } else {
            refused++; /* replaced twice while it was read */
        }
        ho_panel_free(&back);
        ho_load_report_clear(&report);
    }
    end_writer(writers[0]);
    end_writer(writers[1]);
    print_message("%zu whole stores read, %zu times none\n", read, refused);
    assert_true(read > 0);
    ho_panel_free(&panels[0]);
    ho_panel_free(&panels[1]);
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_writer_leaves_the_old_or_the_new),
        cmocka_unit_test(writers_and_readers_at_once_see_whole_stores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
