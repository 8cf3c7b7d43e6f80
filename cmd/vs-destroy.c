/* vs-destroy - delete virtual machines and their disks */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "vim/device.h"
#include "vim/engine.h"

enum { TRIES = 8 };	/* while another task works on the VM */

static bool off, templates, disks, yes;
static int tty = -1;

static const struct vs_opt opts[] = {
	{ 'y', "yes", VS_OPT_FLAG, &yes, NULL, "do not ask" },
	{ 0, "off", VS_OPT_FLAG, &off, NULL, "power it off first when it is on" },
	{ 0, "template", VS_OPT_FLAG, &templates, NULL, "templates, too" },
	{ 0, "disks", VS_OPT_FLAG, &disks, NULL,
		"even with disks outside of its own folder, which go with it" },
	{ 0 }
};

static const struct vs_opt *const tables[] = { opts, vs_change_opts,
	vs_conn_opts, NULL };

static const struct vs_tool tool = {
	.name = "vs-destroy",
	.args = "[VM...]",
	.does = "delete virtual machines and their disks",
	.tables = tables, .min = 0, .max = -1, .records = true,
};

static const char *const props[] = { "config.template", "runtime.powerState",
	"config.hardware.device", "config.files.vmPathName", NULL };

/* "[datastore] folder/" of "[datastore] folder/vm.vmx", its length. */
static size_t
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash + 1 - path) : 0;
}

/* A disk that somebody attached from elsewhere is not ours to delete. */
static const char *
foreign_disk(const struct vs_event *ev)
{
	const char *vmx = vs_event_text(ev, "config.files.vmPathName");
	struct vs_devices d;

	vs_devices_read(vs_event_prop(ev, "config.hardware.device"), &d);
	for (size_t i = 0; i < d.n_disks; i++) {
		const char *file = vs_node_text(d.disks[i].node, "backing/fileName");
		size_t n = vmx ? folder_of(vmx) : 0;

		if (file && (n == 0 || folder_of(file) != n || strncmp(file, vmx, n) != 0))
			return file;
	}
	return NULL;
}

/* One line from the terminal; true: yes. */
static bool
confirmed(const char *path)
{
	VS_FREE char *question = vs_printf("vs-destroy: delete %s and its disks? [y/N] ",
		path);
	struct vs_err err;
	char answer[64];
	ssize_t n;

	vs_progress(NULL);
	if (vs_write_fd(tty, question, strlen(question), &err) < 0)
		return false;
	do
		n = read(tty, answer, sizeof answer - 1);
	while (n < 0 && errno == EINTR);
	answer[n > 0 ? n : 0] = '\0';
	answer[strcspn(answer, "\n")] = '\0';
	return strcmp(answer, "y") == 0 || strcmp(answer, "yes") == 0;
}

static enum vs_step
destroy(struct vs_job *job)
{
	vs_job_phase(job, "deleting", -1);
	vs_job_write(job, "delete it and its disks", "Destroy_Task", NULL);
	return VS_STEP_CALL;
}

static enum vs_step
look(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	const char *power = vs_event_text(ev, "runtime.powerState");
	bool on = power && strcmp(power, "poweredOff") != 0;
	const char *disk;

	if (vs_prop_bool(ev->content, "config.template") && !templates)
		return vs_fail(err, VS_FAIL, "is a template ('--template' deletes it)");
	if (on && !off)
		return vs_fail(err, VS_FAIL, "is %s ('--off' powers it off first)",
			strcmp(power, "suspended") == 0 ? "suspended" : "running");
	if (!disks && (disk = foreign_disk(ev)) != NULL)
		return vs_fail(err, VS_FAIL, "has a disk that is not in its own folder: "
			"'%s'; detach it, or '--disks' deletes it, too", disk);
	/* asked once, also when this look is the second one */
	if (tty >= 0 && job->data == NULL && !confirmed(job->rec.path))
		return vs_fail(err, VS_FAIL, "left alone, as answered");
	if (job->data == NULL)
		job->data = vs_strdup("confirmed");
	if (!on)
		return destroy(job);
	vs_job_phase(job, "powering off", -1);
	vs_job_write(job, "power it off, then delete it and its disks",
		"PowerOffVM_Task", NULL);
	return VS_STEP_CALL;
}

static enum vs_step
step(struct vs_job *job, const struct vs_event *ev, struct vs_err *err)
{
	bool deleting = job->phase && strcmp(job->phase, "deleting") == 0;

	switch (ev->kind) {
	case VS_READY:
		return look(job, ev, err);
	case VS_REPLY:
		return VS_STEP_TASK;
	case VS_TASK:
		return deleting ? VS_STEP_DONE : destroy(job);
	case VS_GONE:
		return VS_STEP_DONE;	/* wanted gone, and gone */
	case VS_LOST:
		return VS_STEP_AGAIN;
	case VS_FAULT:
		if (strcmp(ev->err->fault, "ManagedObjectNotFound") == 0)
			return VS_STEP_DONE;
		/* its power state changed under us: look again */
		if (strcmp(ev->err->fault, "InvalidPowerState") == 0 && off)
			return VS_STEP_AGAIN;
		return vs_job_retry(job, ev, TRIES, err);
	default:
		*err = *ev->err;
		return VS_STEP_FAIL;
	}
}

int
main(int argc, char **argv)
{
	static const struct vs_verb verb = { .props = props, .step = step };
	struct vs_run run;
	struct vs_err err;

	if (vs_run_begin(&run, &tool, argc, argv) < 0)
		return run.status;
	if (!yes && !vs_conn_args.dry_run) {
		tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
		if (tty < 0) {
			vs_fail(&err, VS_USAGE, "there is no terminal to ask on: give -y");
			vs_run_fail(&run, &err);
			return run.status;
		}
	}
	vs_engine_run(&run, &verb, 0);
	if (tty >= 0)
		close(tty);
	return run.status;
}
