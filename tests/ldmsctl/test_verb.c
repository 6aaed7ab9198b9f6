/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "attr.h"
#include "command.h"
#include "verb.h"

static void
words_are_sorted_and_found(void **state)
{
    const char *word, *before = "";
    size_t n = 0;

    (void)state;
    for (; (word = ldmsctl_verb_at(n)) != NULL; before = word, n++) {
        const struct lc_verb *v = lc_verb_find(word, strlen(word));
        assert_true(strcmp(before, word) < 0);
        assert_non_null(v);
        assert_string_equal(v->word, word);
        assert_true(v->request_id > 0);
    }
    assert_true(n > 120);
    assert_null(lc_verb_find("prdcr_ad", 8));
    assert_null(lc_verb_find("prdcr_addd", 10));
    assert_null(lc_verb_find("", 0));
}

/* A method that says what its word is has the same request, but for the two words that
 * the Communicator's methods of that name do not mean. */
static void
methods_and_words_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < lc_n_methods; i++) {
        const struct ldmsctl_method *m = &lc_methods[i].pub;
        if (!m->verb)
            continue;
        const struct lc_verb *v = lc_verb_find(m->verb, strlen(m->verb));
        if (!v)
            fail_msg("%s: no word %s", m->name, m->verb);
        else if (strcmp(v->word, "prdcr_start") == 0 ||
                 strcmp(v->word, "prdcr_stop") == 0)
            assert_int_equal(v->request_id + 3, m->request_id);
        else
            assert_int_equal(v->request_id, m->request_id);
    }
}

static void
tells_what_a_word_takes(void **state)
{
    const char *required, *optional;

    (void)state;
    assert_int_equal(ldmsctl_get_cmd_attr_list("updtr_match_add", &required, &optional),
                     0);
    assert_string_equal(required, "name regex match");
    assert_string_equal(optional, "");
    assert_int_equal(ldmsctl_get_cmd_attr_list("nosuch", &required, &optional),
                     -LDMSCTL_EUNKNOWN);
    assert_int_equal(ldmsctl_get_cmd_attr_list(NULL, &required, &optional),
                     -LDMSCTL_EUNKNOWN);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_sorted_and_found),
        cmocka_unit_test(methods_and_words_agree),
        cmocka_unit_test(tells_what_a_word_takes),
    };
    return cmocka_run_group_tests_name("ldmsctl/verb", tests, NULL, NULL);
}
