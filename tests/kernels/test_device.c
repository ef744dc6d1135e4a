/* The device kernels as C, an item a fibre: they give the bits of the reference, and every item meets every barrier.
 * A barrier that not all meet is found. */
#include "device_cases.h"
#include "items.h"

#include <ucontext.h>

#include "kernels/device/words.h"

#include "kernels/device/columns.inc"
#include "kernels/device/sets.inc"
#include "kernels/device/swaps.inc"

enum { STACK = 64 * 1024 };

typedef struct fibre {
    ucontext_t context;
    int line; /* of the barrier that it waits at; 0: it has ended */
    char *stack;
} fibre;

items_now items;
static fibre fibres[HO_DEVICE_GROUP];
static ucontext_t scheduler;
static void (*items_call)(const void *data);
static const void *items_data;

void items_wait(int line)
{
    fibre *me = &fibres[items.place];
    me->line = line;
    swapcontext(&me->context, &scheduler);
}

static void live(void)
{
    items_call(items_data);
    fibres[items.place].line = 0;
}

static void begin(fibre *f)
{
    if (f->stack == NULL) f->stack = HO_NEW(char, STACK);
    getcontext(&f->context);
    f->context.uc_stack.ss_sp = f->stack;
    f->context.uc_stack.ss_size = STACK;
    f->context.uc_link = &scheduler;
    makecontext(&f->context, live, 0);
}

/* From one barrier to the next. */
static bool run_group(void)
{
    for (uint32_t i = 0; i < HO_DEVICE_GROUP; i++)
        begin(&fibres[i]);
    for (;;) {
        for (uint32_t i = 0; i < HO_DEVICE_GROUP; i++) {
            items.place = i;
            swapcontext(&scheduler, &fibres[i].context);
        }
        for (uint32_t i = 1; i < HO_DEVICE_GROUP; i++) {
            if (fibres[i].line != fibres[0].line) return false;
        }
        if (fibres[0].line == 0) return true;
    }
}

bool items_run(uint32_t groups, uint32_t slots, void (*call)(const void *data), const void *data)
{
    items_call = call;
    items_data = data;
    for (items.group[1] = 0; items.group[1] < slots; items.group[1]++) {
        for (items.group[0] = 0; items.group[0] < groups; items.group[0]++) {
            if (!run_group()) return false;
        }
    }
    return true;
}

static void call_scan(const void *data)
{
    const device_argument *a = data;
    ho_device_scan(a[0].is.u32, a[1].is.u32, a[2].is.u32, a[3].is.u64, a[4].is.u32, a[5].is.f64, a[6].is.f64,
                   a[7].memory, a[8].memory, a[9].memory, a[10].memory);
}

static void call_sieve(const void *data)
{
    const device_argument *a = data;
    ho_device_sieve(a[0].is.u32, a[1].is.u32, a[2].is.u32, a[3].is.u64, a[4].is.u32, a[5].is.u64, a[6].memory,
                    a[7].memory, a[8].memory, a[9].memory, a[10].memory, a[11].memory, a[12].memory,
                    a[13].memory, a[14].memory);
}

static void call_keep(const void *data)
{
    const device_argument *a = data;
    ho_device_keep(a[0].is.u32, a[1].memory, a[2].memory, a[3].memory, a[4].memory, a[5].memory, a[6].memory);
}

static void call_sets(const void *data)
{
    const device_argument *a = data;
    ho_device_walk_sets(a[0].is.u32, a[1].is.u32, a[2].is.u32, a[3].is.u64, a[4].is.u32, a[5].memory,
                        a[6].memory, a[7].memory);
}

static void call_weigh(const void *data)
{
    const device_argument *a = data;
    ho_device_weigh(a[0].is.u32, a[1].is.u32, a[2].is.u64, a[3].memory, a[4].memory, a[5].memory, a[6].memory,
                    a[7].memory);
}

static void call_units(const void *data)
{
    const device_argument *a = data;
    ho_device_units(a[0].is.u32, a[1].is.u32, a[2].is.u64, a[3].memory, a[4].memory, a[5].memory,
                    a[6].memory);
}

static void call_series(const void *data)
{
    const device_argument *a = data;
    ho_device_series(a[0].is.u32, a[1].is.u32, a[2].is.u32, a[3].is.u64, a[4].is.f64, a[5].is.f64,
                     a[6].is.f64, a[7].memory, a[8].memory);
}

static const struct {
    const char *name;
    void (*call)(const void *data);
} calls[] = {{"ho_device_scan", call_scan},   {"ho_device_sieve", call_sieve},
             {"ho_device_keep", call_keep},   {"ho_device_walk_sets", call_sets},
             {"ho_device_weigh", call_weigh}, {"ho_device_series", call_series},
             {"ho_device_units", call_units}};

static void device_run(const char *kernel, size_t wanted, size_t slots, const device_argument *arguments,
                       size_t count)
{
    (void)count;
    const uint32_t groups = (uint32_t)((wanted + HO_DEVICE_GROUP - 1) / HO_DEVICE_GROUP);
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        if (strcmp(calls[i].name, kernel) != 0) continue;
        if (!items_run(groups, (uint32_t)slots, calls[i].call, arguments))
            fail_msg("%s: a barrier is not met by all items", kernel);
        return;
    }
    fail_msg("there is no kernel %s", kernel);
}

static void miss_a_barrier(const void *data)
{
    (void)data;
    if (items.place != 77) HO_BARRIER();
}

static void a_barrier_that_one_item_misses_is_found(void **state)
{
    (void)state;
    assert_false(items_run(1, 1, miss_a_barrier, NULL));
}

static int drop_stacks(void **state)
{
    (void)state;
    for (size_t i = 0; i < HO_DEVICE_GROUP; i++)
        free(fibres[i].stack);
    return 0;
}

int main(void)
{
    const struct CMUnitTest here[] = {cmocka_unit_test(a_barrier_that_one_item_misses_is_found)};
    return cmocka_run_group_tests_name("device kernels in C", device_tests, NULL, NULL) +
           cmocka_run_group_tests(here, NULL, drop_stacks);
}
