/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "secret.h"

#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/ldmsctl-secret-XXXXXX", path[64];
static char eight[] = "secretword=12345678\n";

static struct row {
    const char *name, *text;
    unsigned mode;
    int err;
    const char *secret;
} rows[] = {
    {"plain", "secretword=12345678\n", 0600, 0, "12345678"},
    {"no newline at the end", "secretword=12345678", 0600, 0, "12345678"},
    {"read-only", "secretword=12345678\n", 0400, 0, "12345678"},
    {"after comments and empty lines",
     "# secretword=commented\n\nsecretword=abcdefgh\n", 0600, 0, "abcdefgh"},
    {"the first one counts", "secretword=abcdefgh\nsecretword=12345678\n", 0600, 0,
     "abcdefgh"},
    {"a comment ends it", "secretword=12345678#9\n", 0600, 0, "12345678"},
    {"a blank ends it", "secretword=12345678 9\n", 0600, 0, "12345678"},
    {"a tab ends it", "secretword=12345678\t9\n", 0600, 0, "12345678"},
    {"7 bytes", "secretword=1234567\n", 0600, -EINVAL, NULL},
    {"nothing", "secretword=\n", 0600, -EINVAL, NULL},
    {"no such line", "secret=12345678\n", 0600, -ENOENT, NULL},
    {"an empty file", "", 0600, -ENOENT, NULL},
    {"others may read it", eight, 0604, -EINVAL, NULL},
    {"the group may write it", eight, 0620, -EINVAL, NULL},
};

static void
write_file(const char *text, unsigned mode)
{
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, (mode_t)mode), 0);
}

static void
reads(void **state)
{
    const struct row *row = *state;
    char secret[LC_SECRET_MAX + 1] = "", why[200] = "";

    write_file(row->text, row->mode);
    assert_int_equal(lc_secret_read(path, secret, why, sizeof(why)), row->err);
    if (row->secret)
        assert_string_equal(secret, row->secret);
    else
        assert_non_null(strstr(why, path));
    assert_int_equal(unlink(path), 0);
}

static void
takes_512_bytes_and_not_513(void **state)
{
    char text[600], secret[LC_SECRET_MAX + 1], why[200];

    (void)state;
    for (size_t n = 512; n <= 513; n++) {
        memset(text, 'x', sizeof(text));
        memcpy(text, eight, 11);
        text[11 + n] = '\0';
        write_file(text, 0600);
        assert_int_equal(lc_secret_read(path, secret, why, sizeof(why)),
                         n == 512 ? 0 : -EINVAL);
        assert_int_equal(unlink(path), 0);
    }
}

static void
a_path_must_be_absolute_and_there(void **state)
{
    char secret[LC_SECRET_MAX + 1], why[200];

    (void)state;
    assert_int_equal(lc_secret_read("ovis.conf", secret, why, sizeof(why)), -EINVAL);
    assert_int_equal(lc_secret_read("/no/such/file", secret, why, sizeof(why)),
                     -ENOENT);
    assert_non_null(strstr(why, "/no/such/file"));
}

static void
the_environment_is_asked_next(void **state)
{
    char secret[LC_SECRET_MAX + 1], why[200];

    (void)state;
    write_file(eight, 0600);
    setenv("LDMS_AUTH_FILE", path, 1);
    assert_int_equal(lc_secret_read(NULL, secret, why, sizeof(why)), 0);
    assert_string_equal(secret, "12345678");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(lc_secret_read(NULL, secret, why, sizeof(why)), -ENOENT);
    unsetenv("LDMS_AUTH_FILE");
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS + 3];

    if (!mkdtemp(dir))
        return 1;
    snprintf(path, sizeof(path), "%s/auth.conf", dir);
    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(reads, &rows[i]);
        tests[i].name = rows[i].name;
    }
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(takes_512_bytes_and_not_513);
    tests[ROWS + 1] =
        (struct CMUnitTest)cmocka_unit_test(a_path_must_be_absolute_and_there);
    tests[ROWS + 2] =
        (struct CMUnitTest)cmocka_unit_test(the_environment_is_asked_next);
    int failed = cmocka_run_group_tests_name("ldmsctl/secret", tests, NULL, NULL);
    rmdir(dir);
    return failed;
}
