/* SPDX-License-Identifier: MIT */
/* Lists of words: in the order they came in, and quick to search however many there are. */
#include "daemon_state.h"
#include "support/cmocka.h"

#include <stdlib.h>
#include <string.h>

static void
put_word(char *ret_word, size_t size, int number)
{
    snprintf(ret_word, size, "node%d/meminfo", number);
}

static void
keeps_many(void **state)
{
    enum { MANY = 200000, FIRST_GONE = 1000 };
    struct dm_words words = {0}, gone = {0};
    char word[40];

    (void)state;
    for (int i = 0; i < MANY; i++) {
        put_word(word, sizeof(word), i);
        assert_false(dm_words_has(&words, word));
        assert_true(dm_words_add(&words, word));
        assert_true(dm_words_has(&words, word));
        if (i >= FIRST_GONE)
            assert_true(dm_words_add(&gone, word));
    }
    assert_int_equal(words.count, MANY);
    dm_words_remove_all(&words, &gone);
    assert_int_equal(words.count, FIRST_GONE);
    for (int i = 0; i < FIRST_GONE; i++) {
        put_word(word, sizeof(word), i);
        assert_string_equal(words.at[i], word);
        assert_true(dm_words_has(&words, word));
    }
    assert_false(dm_words_has(&words, "node1000/meminfo"));
    dm_words_free(&words);
    dm_words_free(&gone);
}

/* Beside a plain array that is searched from its start. */
static void
is_like_a_plain_list(void **state)
{
    enum { STEPS = 20000, NAMES = 100, MOST = STEPS };
    static int plain[MOST];
    struct dm_words words = {0};
    size_t count = 0;
    char word[40];
    unsigned chance = 1;

    (void)state;
    for (int step = 0; step < STEPS; step++) {
        chance = chance * 1103515245u + 12345u;
        int number = (int)(chance >> 16) % NAMES;
        size_t at = 0;
        put_word(word, sizeof(word), number);
        while (at < count && plain[at] != number)
            at++;
        assert_int_equal(dm_words_has(&words, word), at < count);
        if (chance & 0x80) { /* the same word may be in twice */
            assert_true(dm_words_add(&words, word));
            plain[count++] = number;
        } else {
            assert_int_equal(dm_words_remove(&words, word), at < count);
            if (at < count)
                memmove(plain + at, plain + at + 1, (--count - at) * sizeof(plain[0]));
        }
        assert_int_equal(words.count, count);
    }
    for (size_t i = 0; i < count; i++) {
        put_word(word, sizeof(word), plain[i]);
        assert_string_equal(words.at[i], word);
    }
    dm_words_free(&words);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_many),
        cmocka_unit_test(is_like_a_plain_list),
    };
    return cmocka_run_group_tests_name("ldmsc/daemon_object", tests, NULL, NULL);
}
