package password

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn/frequency"

	"taskwire.dev/shared/fault"
)

func refused(password string) bool {
	var fs fault.Fields
	Check(&fs, "/password", password, "ada.lovelace@example.com", "Ada Lovelace")
	return len(fs) > 0
}

// Every password of the library's list that is long enough is refused, also with capitals, digits appended, or twice.
func TestCommonPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	list := frequency.FrequencyLists["passwords"]
	if len(list) < 10_000 {
		t.Fatalf("the list has %d passwords", len(list))
	}
	long := 0
	for _, p := range list {
		if utf8.RuneCountInString(p) < Min {
			continue
		}
		long++
		if !refused(p) || !refused(strings.ToUpper(p)) {
			t.Errorf("%q is accepted", p)
		}
	}
	if long < 1000 {
		t.Errorf("only %d of the list are long enough", long)
	}
	for _, p := range list[:3000] {
		for _, variant := range []string{p + "2026", p + p, p + "123456"} {
			if utf8.RuneCountInString(variant) >= Min && !refused(variant) {
				t.Errorf("%q is accepted", variant)
			}
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]bool{
		good: false, "ten chars!": false, "äöüßéèçñøå": false,
		strings.Repeat("hello wor", 14) + "ab": false, "unrelated pineapple": false,
		"": true, "ninechars": true, strings.Repeat("hello wor", 14) + "abc": true, strings.Repeat("x", 1<<20): true,
		"PassWord1234": true, "p@ssw0rd123": true, "qwertyuiop": true, "basketball": true, "adminadmin": true,
		"correcthorsebatterystaple": true, "thisisapassword": true, "taskwire123": true, "taskwiretaskwire": true,
		"asdfasdfasdf": true, "zaq1zaq1zaq1": true, "1q2w3e4r5t6y": true, "1qaz2wsx3edc4rfv": true,
		"aaaaaaaaaaaa": true, "abababababab": true, "1234567890123": true, "0987654321": true, "abcdefghijkl": true,
		"ada.lovelace@example.com": true, "Ada.Lovelace": true, "ada lovelace": true, "ada lovelace1": true,
	} {
		if got := refused(password); got != want {
			t.Errorf("%.40q is refused: %t, want %t", password, got, want)
		}
	}
}
