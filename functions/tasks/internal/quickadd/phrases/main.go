// Command phrases prints random phrases and what the grammar makes of them, as JSON. The dashboard's tests read it and
// compare what its own grammar makes of them.
package main

import (
	"encoding/json"
	"flag"
	"log"
	"math/rand/v2"
	"os"
	"time"

	"taskwire.dev/functions/tasks/internal/quickadd"
	"taskwire.dev/shared/wallclock"
)

// phrase is a text, what its meaning depends on, and its meaning.
type phrase struct {
	Text      string          `json:"text"`
	Now       time.Time       `json:"now"`
	Timezone  string          `json:"timezone"`
	WeekStart int             `json:"week_start"` // 0 for Monday
	Locale    string          `json:"locale"`
	Result    quickadd.Result `json:"result"`
	DueAt     string          `json:"due_at"` // UTC
}

func main() {
	n := flag.Int("n", 2000, "how many phrases")
	seed := flag.Uint64("seed", 1, "of the random numbers; the same seed makes the same phrases")
	flag.Parse()
	random := rand.New(rand.NewPCG(*seed, 0))
	phrases := make([]phrase, *n)
	for i := range phrases {
		phrases[i] = random1(random)
	}
	if err := json.NewEncoder(os.Stdout).Encode(phrases); err != nil {
		log.Fatal(err)
	}
}

func random1(random *rand.Rand) phrase {
	locale := pick(random, []string{"en-GB", "en-US", "de-DE", "es-MX"})
	p := phrase{
		Text: text(random, locale), Now: moment(random), Timezone: pick(random, zones),
		WeekStart: random.IntN(7), Locale: locale,
	}
	p.Result = quickadd.Parse(p.Text, quickadd.Options{
		Now: p.Now, Location: wallclock.Zone(p.Timezone), WeekStart: time.Weekday((p.WeekStart + 1) % 7), Locale: p.Locale,
	})
	if !p.Result.DueAt.IsZero() {
		p.DueAt = p.Result.DueAt.UTC().Format(time.RFC3339)
	}
	return p
}

// zones include some that change their clocks at midnight or by half an hour.
var zones = []string{
	"Europe/Berlin", "America/New_York", "America/Havana", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Kiritimati", "UTC",
}

// moment returns a time of the years 2024 to 2030, of which one in three is on a day on which a month, a year or summer
// time begins or ends.
func moment(random *rand.Rand) time.Time {
	at := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(random.IntN(7*365*24*60*60)) * time.Second)
	if random.IntN(3) > 0 {
		return at
	}
	day := pick(random, [][2]int{{1, 31}, {2, 28}, {2, 29}, {12, 31}, {1, 1}, {3, 14}, {3, 28}, {10, 31}, {11, 1}, {4, 30}})
	return time.Date(at.Year(), time.Month(day[0]), day[1], at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
}

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }
