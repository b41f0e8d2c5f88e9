package account

import (
	"strings"
	"testing"
	"time"

	"taskwire.dev/shared/preference"
)

func TestMails_InEachLanguage(t *testing.T) {
	t.Parallel()
	days := map[string]string{"": "on 4 December 2026,", "en": "on 4 December 2026,", "de": "am 4. Dezember 2026 ", "es": "el 4 de diciembre de 2026,", "fr": "on 4 December 2026,"}
	subjects := map[string]string{}
	for language, day := range days {
		subject, text, err := mailIn(language).deletion(time.Date(2026, 12, 4, 9, 0, 0, 0, time.UTC))
		if err != nil || !strings.Contains(text, day) {
			t.Errorf("%s: %v: %s", language, err, text)
		}
		subjects[subject] = language
		subject, text, err = mailIn(language).reset("https://tasks.example/reset", "secret")
		if err != nil || !strings.Contains(text, "\nhttps://tasks.example/reset#secret\n") || !strings.Contains(text, "30 ") {
			t.Errorf("%s: %v: %s", language, err, text)
		}
		subjects[subject] = language
	}
	if len(subjects) != 2*len(preference.Languages) {
		t.Errorf("subjects: %v", subjects)
	}
}
