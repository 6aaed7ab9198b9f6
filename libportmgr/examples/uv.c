/* SPDX-License-Identifier: MIT */
/* Two handles in one libuv loop: one holds a port, and once it has it, the other lists
 * all ports.
 *
 *   uv SERVICE [MANAGER-PORT]
 */
#include <portmgr-uv.h>

#include <stdio.h>

struct program {
    struct portmgr *holder, *lister;
    struct portmgr_uv holder_uv, lister_uv;
    int status;
};

static void
stop(struct program *p, int status)
{
    p->status = status;
    portmgr_uv_close(&p->holder_uv, NULL);
    portmgr_uv_close(&p->lister_uv, NULL);
}

static void
on_list(struct portmgr_uv *u, const struct portmgr_event *event)
{
    struct program *p = u->data;

    if (event->err < 0) {
        fprintf(stderr, "uv: %s\n", portmgr_errmsg(p->lister));
        stop(p, 1);
        return;
    }
    for (size_t i = 0; i < event->list->count; i++) {
        const struct portmgr_row *row = &event->list->rows[i];
        printf("%u %s %s\n", row->port, row->service, row->user);
    }
    stop(p, 0);
}

static void
on_port(struct portmgr_uv *u, const struct portmgr_event *event)
{
    struct program *p = u->data;

    if (event->err < 0) { /* refused, or lost later */
        fprintf(stderr, "uv: %s\n", portmgr_errmsg(p->holder));
        stop(p, 1);
        return;
    }
    portmgr_list_start(p->lister);
    portmgr_uv_update(&p->lister_uv);
}

int
main(int argc, char **argv)
{
    struct program p = {.status = 1};
    uv_loop_t *loop = uv_default_loop();
    uint16_t port = (uint16_t)(argc > 2 ? atoi(argv[2]) : 0);

    if (argc < 2 || portmgr_new(&p.holder, NULL) < 0 ||
        portmgr_new(&p.lister, NULL) < 0)
        return 2;
    if (portmgr_connect(p.holder, NULL, port) < 0 ||
        portmgr_connect(p.lister, NULL, port) < 0) {
        fprintf(stderr, "uv: cannot connect\n");
        return 1;
    }
    portmgr_uv_init(&p.holder_uv, loop, p.holder, on_port, &p);
    portmgr_uv_init(&p.lister_uv, loop, p.lister, on_list, &p);
    portmgr_allocate_start(p.holder, argv[1]);
    portmgr_uv_update(&p.holder_uv);
    uv_run(loop, UV_RUN_DEFAULT);
    portmgr_free(p.holder);
    portmgr_free(p.lister);
    uv_loop_close(loop);
    return p.status;
}
