package account

import (
	"slices"
	"strings"

	"golang.org/x/text/language"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/wallclock"
)

// maxLocale is the length of the longest locale that is accepted (RFC 5646, 4.4.1, and some extensions).
const maxLocale = 100

// checkLocale checks what a registration says about the user's place, and completes it: without a first day of the week
// it is that of the locale. The language is that of the locale, if mail can be in it.
func (r *Registration) checkLocale(fs *fault.Fields) {
	if r.Timezone != nil {
		if _, known := wallclock.Load(*r.Timezone); !known {
			fs.Add("/timezone", "must be an IANA time zone, such as Europe/Berlin")
		}
	}
	if r.WeekStart != nil && !slices.Contains(preference.Weekdays, *r.WeekStart) {
		fs.Add("/week_start", "must be one of %s", strings.Join(preference.Weekdays, ", "))
	}
	if r.Locale == nil {
		return
	}
	tag, err := language.Parse(*r.Locale)
	if err != nil || len(*r.Locale) > maxLocale {
		fs.Add("/locale", "must be a BCP 47 language tag, such as de-AT")
		return
	}
	if r.WeekStart == nil {
		day := weekStart(tag)
		r.WeekStart = &day
	}
	if base, _ := tag.Base(); base.String() != "en" && slices.Contains(preference.Languages, base.String()) {
		r.language = base.String()
	}
}

// preferences returns the preferences of the new user, and whether the registration chose any of them.
func (r Registration) preferences() (p preference.Preferences, chosen bool) {
	p = preference.Default()
	if r.Timezone != nil {
		p.Timezone = *r.Timezone
	}
	if r.WeekStart != nil {
		p.WeekStart = *r.WeekStart
	}
	p.Language = r.language
	return p, r.Timezone != nil || r.WeekStart != nil
}

// The territories whose weeks do not begin on Monday (CLDR, supplemental data, weekData).
const (
	fridayFirst   = "MV"
	saturdayFirst = "AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY"
	sundayFirst   = "AG AS BD BR BS BT BW BZ CA CO DM DO ET GT GU HK HN ID IL IN JM JP KE KH KR LA MH MM MO MT MX MZ NI NP PA PE PH PK PR " +
		"PT PY SA SG SV TH TT TW UM US VE VI WS YE ZA ZW"
)

// weekStart returns the first day of the week of a locale: the one that the tag names (-u-fw-), or that of its
// territory, which is the most likely one if the tag names none.
func weekStart(tag language.Tag) string {
	if day := tag.TypeForKey("fw"); day != "" {
		for _, name := range preference.Weekdays {
			if strings.HasPrefix(name, day) {
				return name
			}
		}
	}
	region, _ := tag.Region()
	for first, territories := range map[string]string{"friday": fridayFirst, "saturday": saturdayFirst, "sunday": sundayFirst} {
		if slices.Contains(strings.Fields(territories), region.String()) {
			return first
		}
	}
	return "monday"
}
