/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines by table: parsing, --help and what completions read.  getopt_long
 * cannot say what it refused, nor suggest what was meant. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/opt.h"
#include "base/spelling.h"

bool
vs_opt_word(const char *words, const char *s)
{
	size_t n = strlen(s);

	for (const char *p = words; n > 0; p++) {
		size_t k = strcspn(p, "|");

		if (k == n && memcmp(p, s, n) == 0)
			return true;
		p += k;
		if (*p == '\0')
			break;
	}
	return false;
}

static bool
opt_takes_arg(const struct vs_opt *o)
{
	return o->kind != VS_OPT_FLAG && o->kind != VS_OPT_MAYBE && o->kind != VS_OPT_NOT;
}

static bool
opt_last(const struct vs_opt *o)
{
	return o->ch == 0 && o->name == NULL;
}

/* A row, and the struct it fills; row NULL: no such option. */
struct found {
	const struct vs_opt *row;
	void *to;
};

static struct found
opt_by_letter(const struct vs_opt_group *g, int ch)
{
	for (; g->table; g++)
		for (const struct vs_opt *o = g->table; !opt_last(o); o++)
			if (o->ch == ch)
				return (struct found){ o, g->to };
	return (struct found){ 0 };
}

static struct found
opt_by_name(const struct vs_opt_group *g, const char *name, size_t n)
{
	for (; g->table; g++)
		for (const struct vs_opt *o = g->table; !opt_last(o); o++)
			if (o->name && strlen(o->name) == n && memcmp(o->name, name, n) == 0)
				return (struct found){ o, g->to };
	return (struct found){ 0 };
}

static int
opt_unknown(const struct vs_opt_group *g, const char *word, size_t n, struct vs_err *err)
{
	VS_LIST_FREE struct vs_list names = { 0 };
	VS_FREE char *name = vs_strndup(word, n);
	const char *near;

	for (; g->table; g++)
		for (const struct vs_opt *o = g->table; !opt_last(o); o++)
			if (o->name && o->kind != VS_OPT_NOT)
				vs_list_add(&names, o->name);
	near = vs_did_you_mean(names.v, names.n, name);
	if (near)
		return vs_fail(err, VS_ERR_USAGE, "unknown option '--%s': did you mean '--%s'",
			name, near);
	return vs_fail(err, VS_ERR_USAGE, "unknown option '--%s'", name);
}

static int
opt_convert(const struct vs_opt *o, void *field, const char *arg, struct vs_err *err)
{
	switch (o->kind) {
	case VS_OPT_FLAG:
		*(bool *)field = true;
		return 0;
	case VS_OPT_STR:
	case VS_OPT_MAYBE:
		*(const char **)field = arg;
		return 0;
	case VS_OPT_WORD:
		if (!vs_opt_word(o->arg, arg))
			return vs_fail(err, VS_ERR_USAGE, "'%s' is not one of %s", arg, o->arg);
		*(const char **)field = arg;
		return 0;
	case VS_OPT_LIST:
		vs_list_add(field, arg);
		return 0;
	case VS_OPT_NUM:
		return vs_num(arg, 0, INT32_MAX, field, err);
	case VS_OPT_POS:
		return vs_num(arg, 1, INT32_MAX, field, err);
	case VS_OPT_SIZE:
		return vs_size(arg, field, err);
	case VS_OPT_DUR:
		return vs_duration(arg, field, err);
	case VS_OPT_NOT:
		break;
	}
	return 0;
}

static int
opt_set(struct found f, const char *arg, struct vs_err *err)
{
	const struct vs_opt *o = f.row;

	if (opt_convert(o, (char *)f.to + o->at, arg, err) == 0)
		return 0;
	if (o->name)
		return vs_wrap(err, "--%s", o->name);
	return vs_wrap(err, "-%c", o->ch);
}

/* argv[i] is "--name" or "--name=arg"; the index of the last word used. */
static int
opt_long(const struct vs_opt_group *groups, char **argv, int i, int argc, struct vs_err *err)
{
	const char *name = argv[i] + 2;
	size_t n = strcspn(name, "=");
	struct found f = opt_by_name(groups, name, n);
	const struct vs_opt *o = f.row;

	if (o == NULL)
		return opt_unknown(groups, name, n, err);
	if (o->kind == VS_OPT_NOT)
		return vs_fail(err, VS_ERR_USAGE, "unknown option '--%s': %s", o->name, o->help);
	if (name[n] == '=' && o->kind == VS_OPT_FLAG)
		return vs_fail(err, VS_ERR_USAGE, "--%s takes no argument", o->name);
	if (name[n] == '=')
		return opt_set(f, name + n + 1, err) < 0 ? -1 : i;
	if (!opt_takes_arg(o))
		return opt_set(f, "", err) < 0 ? -1 : i;
	if (i + 1 >= argc)
		return vs_fail(err, VS_ERR_USAGE, "--%s needs an argument: %s", o->name, o->arg);
	return opt_set(f, argv[i + 1], err) < 0 ? -1 : i + 1;
}

/* A value as a hint may repeat it: a text may hold a password, and is only named. */
static const char *
opt_shown(const struct vs_opt *o, const char *value)
{
	bool text = o->kind == VS_OPT_STR || o->kind == VS_OPT_LIST || o->kind == VS_OPT_MAYBE;

	return text || *value == '\0' ? o->arg : value;
}

/* Refuse "-json" and "-vm=x", as govc spells its options: they are not meant as a row of
 * letters. */
static int
opt_check_word(const struct vs_opt_group *groups, const char *word, struct vs_err *err)
{
	size_t n = strcspn(word, "=");
	const struct vs_opt *o = n > 1 ? opt_by_name(groups, word, n).row : NULL;

	if (o && o->kind == VS_OPT_NOT)
		return vs_fail(err, VS_ERR_USAGE, "unknown option '-%s': %s", o->name, o->help);
	if (o && (o->kind == VS_OPT_FLAG || word[n] == '\0'))
		return vs_fail(err, VS_ERR_USAGE, "unknown option '-%s': did you mean '--%s'",
			o->name, o->name);
	if (o)
		return vs_fail(err, VS_ERR_USAGE, "unknown option '-%s': did you mean '--%s=%s'",
			o->name, o->name, opt_shown(o, word + n + 1));
	return 0;
}

/* Set the option of the letter *p, whose argument follows it or is the next word. */
static int
opt_letter_arg(struct found f, const char *p, char **argv, int i, int argc, struct vs_err *err)
{
	const char *value = p[1] == '=' ? opt_shown(f.row, p + 2) : NULL;

	if (value)
		return vs_fail(err, VS_ERR_USAGE, "'%.*s%s': write '-%c %s'",
			(int)(p + 2 - argv[i]), argv[i], value == p + 2 ? value : "", *p, value);
	if (p[1])
		return opt_set(f, p + 1, err) < 0 ? -1 : i;
	if (i + 1 < argc)
		return opt_set(f, argv[i + 1], err) < 0 ? -1 : i + 1;
	return vs_fail(err, VS_ERR_USAGE, "-%c needs an argument: %s", *p, f.row->arg);
}

static int
opt_letters(const struct vs_opt_group *groups, char **argv, int i, int argc, struct vs_err *err)
{
	const char *word = argv[i] + 1;

	if (opt_check_word(groups, word, err) < 0)
		return -1;
	for (const char *p = word; *p; p++) {
		struct found f = opt_by_letter(groups, *p);

		if (f.row == NULL && p == word)
			return vs_fail(err, VS_ERR_USAGE, "unknown option '-%c'", *p);
		/* what follows may be a password, as in mysql's -pPASSWORD */
		if (f.row == NULL)
			return vs_fail(err, VS_ERR_USAGE, "unknown option '-%c' in '-%.*s'", *p,
				(int)(p - word) + 1, word);
		if (opt_takes_arg(f.row))
			return opt_letter_arg(f, p, argv, i, argc, err);
		if (p[1] == '=')
			return vs_fail(err, VS_ERR_USAGE, "-%c takes no argument", *p);
		if (opt_set(f, "", err) < 0)
			return -1;
	}
	return i;
}

int
vs_opt_parse(const struct vs_opt_group *groups, int argc, char **argv, int *n, struct vs_err *err)
{
	int i;

	*n = 0;
	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0)
			break;
		if (argv[i][0] != '-' || argv[i][1] == '\0')
			argv[++*n] = argv[i];
		else if (argv[i][1] == '-')
			i = opt_long(groups, argv, i, argc, err);
		else
			i = opt_letters(groups, argv, i, argc, err);
		if (i < 0)
			return -1;
	}
	while (++i < argc)
		argv[++*n] = argv[i];
	argv[*n + 1] = NULL;
	return 0;
}

void
vs_opt_free(const struct vs_opt_group *g)
{
	for (; g->table; g++)
		for (const struct vs_opt *o = g->table; !opt_last(o); o++)
			if (o->kind == VS_OPT_LIST)
				vs_list_free((void *)((char *)g->to + o->at));
}

static void
opt_spell(const struct vs_opt *o, struct vs_buf *b)
{
	if (o->ch)
		vs_buf_fmt(b, "-%c", o->ch);
	if (o->name)
		vs_buf_fmt(b, "%s--%s", o->ch ? ", " : "    ", o->name);
	if (o->kind == VS_OPT_MAYBE)
		vs_buf_fmt(b, "[=%s]", o->arg);
	else if (opt_takes_arg(o))
		vs_buf_fmt(b, "%s%s", o->name ? "=" : " ", o->arg);
}

/* Text from column HELP on, in lines that fit a terminal. */
static void
opt_wrap(struct vs_buf *b, const char *text)
{
	enum { HELP = 32, WIDTH = 79 };
	size_t col = HELP;

	while (*text) {
		size_t n = strcspn(text, " ");

		if (col > HELP && col + 1 + n > WIDTH) {
			vs_buf_fmt(b, "\n%*s", HELP, "");
			col = HELP;
		} else if (col > HELP) {
			vs_buf_ch(b, ' ');
			col++;
		}
		vs_buf_add(b, text, n);
		col += n;
		text += n;
		text += strspn(text, " ");
	}
	vs_buf_ch(b, '\n');
}

void
vs_opt_help(const struct vs_opt *o, struct vs_buf *b)
{
	for (; !opt_last(o); o++) {
		size_t start = b->len;

		if (o->kind == VS_OPT_NOT)
			continue;
		vs_buf_str(b, "  ");
		opt_spell(o, b);
		if (b->len - start > 30) {
			vs_buf_ch(b, '\n');
			start = b->len;
		}
		do
			vs_buf_ch(b, ' ');
		while (b->len - start < 32);
		opt_wrap(b, o->help);
	}
}

void
vs_opt_names(const struct vs_opt *o, struct vs_buf *b)
{
	for (; !opt_last(o); o++) {
		if (o->kind == VS_OPT_NOT)
			continue;
		if (o->ch)
			vs_buf_fmt(b, "-%c", o->ch);
		vs_buf_ch(b, '\t');
		if (o->name)
			vs_buf_fmt(b, "--%s", o->name);
		vs_buf_fmt(b, o->kind == VS_OPT_MAYBE ? "\t[%s]\t%s\n" : "\t%s\t%s\n",
			o->kind == VS_OPT_FLAG ? "" : o->arg, o->help);
	}
}
