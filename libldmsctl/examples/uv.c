/* SPDX-License-Identifier: MIT */
/* A client in a libuv loop: the version of a daemon, then its sets, then the end.
 *
 *     uv HOST PORT
 */
#include <ldmsctl-uv.h>

#include <stdio.h>

static int status = 1;

static void
on_event(struct ldmsctl_uv *u, const struct ldmsctl_event *event)
{
    if (event->err < 0) {
        fprintf(stderr, "uv: %s\n", ldmsctl_errmsg(u->lc));
        ldmsctl_uv_close(u, NULL);
    } else if (event->type == LDMSCTL_EVENT_REPLY &&
               event->reply.kind == LDMSCTL_REPLY_JSON) {
        printf("%s\n", event->reply.text);
        ldmsctl_call_start(u->lc, "dir_list", NULL, 0, NULL);
    } else if (event->type == LDMSCTL_EVENT_REPLY) {
        printf("%zu sets\n", event->reply.n_sets);
        status = 0;
        ldmsctl_uv_close(u, NULL);
    }
}

int
main(int argc, char **argv)
{
    uv_loop_t *loop = uv_default_loop();
    struct ldmsctl *lc;
    struct ldmsctl_uv u;

    if (argc != 3 || ldmsctl_new(&lc, NULL) < 0)
        return 2;
    if (ldmsctl_connect_start(lc, argv[1], (uint16_t)atoi(argv[2])) < 0 ||
        ldmsctl_call_start(lc, "version", NULL, 0, NULL) < 0) {
        fprintf(stderr, "uv: %s\n", ldmsctl_errmsg(lc));
        ldmsctl_free(lc);
        return 1;
    }
    ldmsctl_uv_init(&u, loop, lc, on_event, NULL);
    ldmsctl_uv_update(&u);
    uv_run(loop, UV_RUN_DEFAULT);
    ldmsctl_free(lc);
    uv_loop_close(loop);
    return status;
}
