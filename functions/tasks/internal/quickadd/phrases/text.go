package main

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// text returns some words for titles, dates, times, rules and labels, most of them in an order that makes sense. Two in three of the
// parts are in the language of the locale, if it is another than English.
func text(random *rand.Rand, locale string) string {
	var parts []string
	for range 1 + random.IntN(4) {
		from := kinds
		if other := others[locale]; other != nil && random.IntN(3) > 0 {
			from = other
		}
		part := fill(random, pick(random, pick(random, from)))
		switch random.IntN(20) {
		case 0:
			part = strings.ToUpper(part)
		case 1:
			part = `"` + part + `"`
		case 2:
			part += pick(random, []string{",", ":", ".", "!", ";", "…", "'s", ")"})
		case 3:
			words := strings.Fields(part)
			part = words[random.IntN(len(words))]
		}
		parts = append(parts, part)
	}
	if random.IntN(3) > 0 {
		at := random.IntN(len(parts) + 1)
		parts = append(parts[:at], append([]string{pick(random, titles)}, parts[at:]...)...)
	}
	return strings.Join(parts, pick(random, []string{" ", " ", " ", "  ", " - ", ", "}))
}

// fill replaces each word in angle brackets by one of its kind.
func fill(random *rand.Rand, form string) string {
	for {
		before, rest, found := strings.Cut(form, "<")
		if !found {
			return form
		}
		name, after, _ := strings.Cut(rest, ">")
		form = before + fill(random, one(random, name)) + after
	}
}

func one(random *rand.Rand, name string) string {
	switch name {
	case "n":
		return strconv.Itoa(random.IntN(33))
	case "nn":
		return strconv.Itoa(100 + random.IntN(60))[1:]
	case "year":
		return strconv.Itoa(2024 + random.IntN(9))
	}
	return pick(random, forms[name])
}

// kinds are forms of whole parts.
var kinds = [][]string{titles, days, days, times, times, rules, rules, ends, labels}

var titles = []string{
	"call Bob", "buy milk and eggs", "🎉 party", "the office", "read chapter 3", "30 min yoga", "Küche putzen", "e\u0301te", "sun cream", "24/7 support",
	"and", "at", "on", "until", "every", "except", "each", "the", "next", "last", "in", "for", "by", "from", "-", "1/2 pizza", "12.50", "明日", "2h", "(tomorrow)",
	"weekly report", "don't", "'quoted words'", "“every day”", "5", "a#b", "# 4", "#<n>", "@<n>", "black friday", "before", "may", "second",
}

var days = []string{
	"today", "tomorrow", "day after tomorrow", "<day>", "on <day>", "next <day>", "this <day>", "<day> next week", "next <unit>", "this weekend",
	"end of <unit>", "the end of next <unit>", "in <n> <units>", "in <word> <units>", "<word> <units> from <day>", "<n> <units> from now", "on the <ord>", "<ord>",
	"the <ord> of next month", "<n> <month>", "<month> <n>", "<ord> of <month>", "<month> <ord>, <year>", "<n> <month> <year>", "<day>, <n> <month>",
	"<day> the <ord>", "<year>-12-<nn>", "<n>/<n>", "on <n>/<n>", "by <n>/<n>/<year>", "<n>.<n>.", "<n>-<n> <month>", "from <day> to <day>", "mon-fri",
	"starting <day>", "from <n> <month>", "starting in <n> <units>", "due <day>", "last day of the month", "for <day>", "<day> or <day>", "<day> and <day>",
	"before the <ord>", "after next <day>", "between <day> and <day>", "around <ord> <month>",
	"from <n> to <n> <month>", "<ord> and <ord> of <month> <year>", "<month> <n>-<n>", "<n>/<n> - <n>/<n>",
}

var times = []string{
	"at <n>", "at <word>", "<n>pm", "<n>am", "at <n>:<nn>", "<n>:<nn>", "<n>.<nn>", "at <n>.<nn> pm", "<n>h", "<n>h<nn>", "noon", "at noon", "midday",
	"midnight", "at midnight", "tonight", "this <part>", "in the <part>", "<part>", "at night", "eod", "by end of day", "half past <word>", "quarter to <word>",
	"<n>-<n>pm", "<n>pm-<n>pm", "<n>:<nn>-<n>:<nn>", "from <n>am to <n>pm", "between <n> and <n>pm", "<n>:<nn> – <n>:<nn>", "in <n> hours", "in <n> minutes",
	"in <n>h", "in 2 hours and <n> minutes", "<n> p.m.", "at <n> o'clock", "at 12 noon", "<n> in the <part>", "at ten past <word>", "at <n> to <n>", "at <n> at night", "at <n>:<nn> at night", "at half past midnight", "<n>:<nn> at noon",
	"at twenty to <word>", "in an hour and a half",
}

var rules = []string{
	"every day", "every <unit>", "every <n> <units>", "every other <unit>", "every <day>", "every <day> and <day>", "every <day>, <day> and <day>", "each <unit>",
	"every <ord>", "every <ord> and <ord>", "every <ord> <unit>", "every <which> <day>", "every <which> <day> of the month", "every <which> <day> of <month>",
	"every <which> workday", "every weekday", "every weekend", "every <part>", "every <day> <part>", "<adverb>", "<adverb> on <day>", "<adverb> on the <ord>",
	"every month on the <ord>", "every 2 weeks on <day>", "every year on <n> <month>", "every <month> <ord>", "every! <n> <units>", "every! <day>",
	"mondays", "on tuesdays and fridays", "monday mornings", "weekends", "on the <which> <day> of every month", "on the <which> <day> of the month", "the <ord> and <ord> of the month", "<which> <day> of next month",
	"<day>, the <n>/<n>", "twice daily", "a week on <day>", "no later than <day>", "the <ord> of each month", "every quarter",
	"every fortnight on <day>", "every <n> hours", "every full moon", "every day except <day>", "every mon-fri", "every <day> to <day>", "every other <day>",
}

var ends = []string{
	"until <n> <month>", "until <day>", "until <n>/<n>", "until the <ord>", "until end of <unit>", "for <n> <units>", "for <n> times", "after completion",
	"after I finish", "until they answer", "from <n> <month> until <n> <month>", "starting <n> <month>", "starting today",
}

var labels = []string{"p1", "P4", "p5", "!urgent", "!Low", "!highest", "#Home", "#Küche", "#🎉", "#a-b", "@phone", "@x.y", "@@", "#1st", "##x"}

// forms are the words in angle brackets.
var forms = map[string][]string{
	"day":    {"monday", "Tuesday", "wed", "thursday", "fri", "sat", "sunday", "sun"},
	"month":  {"january", "feb", "march", "apr", "May", "june", "sept", "December", "dec"},
	"unit":   {"day", "week", "month", "year", "quarter", "fortnight"},
	"units":  {"days", "weeks", "months", "years", "hours", "minutes", "day", "week"},
	"part":   {"morning", "afternoon", "evening", "night"},
	"ord":    {"1st", "2nd", "3rd", "4th", "15th", "28th", "29th", "30th", "31st", "32nd"},
	"which":  {"first", "second", "third", "last", "2nd", "fifth", "sixth"},
	"word":   {"a", "one", "two", "three", "five", "twelve"},
	"adverb": {"daily", "weekly", "monthly", "yearly", "biweekly", "quarterly"},
}
