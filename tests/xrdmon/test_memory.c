/* SPDX-License-Identifier: MIT */
/* Memory that fails at any moment: what cannot be remembered is not, what cannot be taken
 * is refused, and all is freed. And how much of it there is. The linker hands us each allocation of the library's. Its
 * argument is the folder of the recordings. */
#include "capture.h"
#include "play.h"

#include <malloc.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void __real_free(void *p);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void __wrap_free(void *p);

static struct {
    bool is_on;
    size_t asked, fails_from, fails_to; /* counted from 1 */
    size_t held_bytes;
} memory;

static bool
fails(void)
{
    if (!memory.is_on)
        return false;
    memory.asked++;
    return memory.asked >= memory.fails_from && memory.asked <= memory.fails_to;
}

static void *
hold(void *p)
{
    memory.held_bytes += memory.is_on ? malloc_usable_size(p) : 0;
    return p;
}

void *
__wrap_malloc(size_t n)
{
    return fails() ? NULL : hold(__real_malloc(n));
}

void *
__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : hold(__real_calloc(n, size));
}

void
__wrap_free(void *p)
{
    memory.held_bytes -= memory.is_on ? malloc_usable_size(p) : 0;
    __real_free(p);
}

/* Count from here on, and let allocations from one to another fail. */
static void
count_memory(size_t from, size_t to)
{
    memset(&memory, 0, sizeof(memory));
    memory.fails_from = from;
    memory.fails_to = to;
    memory.is_on = true;
}

enum { MOST_PACKETS = 300 };

static struct packet {
    struct xrdmon_source source;
    uint64_t time_ns;
    size_t len;
    uint8_t *bytes;
} packets[MOST_PACKETS];
static size_t count;
static const char *folder;

static int
load(void **state)
{
    static struct capture c;

    (void)state;
    for (capture_open(&c, folder, "s01-all-v553"); capture_next(&c); count++) {
        struct packet *p = &packets[count];
        assert_true(count < MOST_PACKETS);
        *p = (struct packet){c.source, c.time_ns, c.len, malloc(c.len)};
        assert_non_null(p->bytes);
        memcpy(p->bytes, c.bytes, c.len);
    }
    return 0;
}

static int
unload(void **state)
{
    (void)state;
    for (size_t i = 0; i < count; i++)
        free(packets[i].bytes);
    return 0;
}

/* The recording, while allocations from one to another fail; how many there were. */
static size_t
play(struct xrdmon_options o, size_t from, size_t to)
{
    struct xrdmon_stats stats = {0};
    struct xrdmon *xm = NULL;
    size_t taken = 0;

    o.size = sizeof(o);
    count_memory(from, to);
    int err = xrdmon_new(&xm, &o);
    assert_true(err == 0 || err == -ENOMEM);
    for (size_t i = 0; err == 0 && i < count; i++) {
        const struct packet *p = &packets[i];
        int fed = xrdmon_feed(xm, &p->source, p->bytes, p->len, p->time_ns);
        assert_true(fed == 0 || fed == -ENOMEM);
        taken += fed == 0;
        while (xrdmon_next(xm))
            continue;
    }
    if (err == 0) {
        xrdmon_flush(xm);
        while (xrdmon_next(xm))
            continue;
        xrdmon_get_stats(xm, &stats);
    }
    xrdmon_free(xm);
    memory.is_on = false;
    assert_int_equal(stats.packets, taken);
    assert_int_equal(memory.held_bytes, 0);
    return memory.asked;
}

static void
without_memory(struct xrdmon_options o)
{
    size_t asked = play(o, SIZE_MAX, SIZE_MAX);

    assert_true(asked > 100);
    for (size_t i = 1; i <= asked; i += 1 + i / 32) {
        (void)play(o, i, i);
        (void)play(o, i, i + 20);
        (void)play(o, i, SIZE_MAX);
    }
}

static void
fails_anywhere(void **state)
{
    (void)state;
    without_memory((struct xrdmon_options){.want_access = true, .want_windows = true});
}

static void
fails_anywhere_when_strict(void **state)
{
    (void)state;
    without_memory((struct xrdmon_options){.is_strict = true, .reorder_packets = 1});
}

/* Each has had its many users, and they have gone: so has what found them. */
static void
one_server_after_another_is_large(void **state)
{
    enum { SERVERS = 100, USERS = 1500, BYTES = 1 << 20 };

    (void)state;
    count_memory(SIZE_MAX, SIZE_MAX);
    struct play p = play_new((struct xrdmon_options){.max_memory_bytes = BYTES});
    p.is_flood = true;
    for (p.sid = 1; p.sid <= SERVERS; p.sid++)
        for (uint32_t i = 1; i <= USERS; i++) {
            char who[16];
            snprintf(who, sizeof(who), "u%u", (unsigned)i);
            play_map(&p, 'u', i, who, NULL);
        }
    assert_int_equal(play_stats(&p).live_servers, SERVERS);
    assert_true(memory.held_bytes < 3 * BYTES / 2);
    xrdmon_free(p.xm);
    memory.is_on = false;
    assert_int_equal(memory.held_bytes, 0);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fails_anywhere),
        cmocka_unit_test(fails_anywhere_when_strict),
        cmocka_unit_test(one_server_after_another_is_large),
    };
    if (argc != 2) {
        fprintf(stderr, "usage: test-xrdmon-memory FOLDER\n");
        return 2;
    }
    folder = argv[1];
    return cmocka_run_group_tests_name("xrdmon/memory", tests, load, unload);
}
