package account

import "testing"

func TestTheFirstDayOfTheWeekIsThatOfTheLocale(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{
		"de": "monday", "de-AT": "monday", "en-GB": "monday", "fr-CA": "sunday", "en-US": "sunday", "en": "sunday", "pt-BR": "sunday",
		"ar-EG": "saturday", "fa": "saturday", "ar-AE": "monday", "dv": "friday", "zh-Hant-TW": "sunday", "zh": "monday", "ja": "sunday",
		"en-US-u-fw-mon": "monday", "de-u-fw-sat": "saturday", "und": "sunday", // und is English in the US, most likely
	} {
		r := Registration{Email: "ada@example.com", Password: goodPassword, Name: "Ada", Locale: &locale}
		r, err := r.normalise()
		if err != nil || *r.WeekStart != want {
			t.Errorf("%s: %v, %v, want %s", locale, *r.WeekStart, err, want)
		}
	}
	locale, day := "en-US", "monday"
	r := Registration{Email: "ada@example.com", Password: goodPassword, Name: "Ada", Locale: &locale, WeekStart: &day}
	if r, err := r.normalise(); err != nil || *r.WeekStart != "monday" {
		t.Errorf("a given day: %v, %v", *r.WeekStart, err)
	}
}
