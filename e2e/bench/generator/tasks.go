package generator

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// moment marks, in what is written, when it was due or sent, in microseconds since 1970: so the time until it is on another screen can
// be measured where it arrives.
const moment = "the benchmark at "

// AppendMoment appends the mark to a body.
func AppendMoment(body []byte, t time.Time) []byte {
	return strconv.AppendInt(append(body, moment...), t.UnixMicro(), 10)
}

// HasMoment reports whether the mark is in what has arrived.
func HasMoment(data []byte) bool { return bytes.Contains(data, []byte(moment)) }

// momentOf finds the mark in what has arrived.
func momentOf(line []byte) (time.Time, bool) {
	_, rest, found := bytes.Cut(line, []byte(moment))
	if !found {
		return time.Time{}, false
	}
	n := 0
	for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
		n++
	}
	at, err := strconv.ParseInt(string(rest[:n]), 10, 64)
	return time.UnixMicro(at), err == nil
}

// tasks writes as users of Taskwire: of four changes two create a task, one renames it, one completes it.
type tasks struct {
	tokens []string
	random *rand.Rand
	turn   int
	task   string // path of the task created last
	token  string // of its user
	body   []byte
}

// Tasks are authors for users with these tokens.
func Tasks(tokens []string) func(i int) Author {
	return func(i int) Author { return &tasks{tokens: tokens, random: rand.New(rand.NewPCG(uint64(i), 7))} }
}

// Write makes the next change.
func (a *tasks) Write(w *Wire, due time.Time) error {
	turn := a.turn % 4
	a.turn++
	if turn < 2 || a.task == "" {
		return a.create(w, due)
	}
	if turn == 2 {
		a.body = append(AppendMoment(append(a.body[:0], `{"title":"Renamed by `...), due), `"}`...)
		return w.Expect(http.StatusOK, "PATCH", a.task, Bearer(a.token), a.body)
	}
	a.body = append(a.body[:0], `{"completed":true}`...)
	return w.Expect(http.StatusOK, "PATCH", a.task+"/complete", Bearer(a.token), a.body)
}

func (a *tasks) create(w *Wire, due time.Time) error {
	a.token = a.tokens[a.random.IntN(len(a.tokens))]
	a.body = append(AppendMoment(append(a.body[:0], `{"title":"Made by `...), due), `","tags":["bench"],"priority":"high"}`...)
	if err := w.Expect(http.StatusCreated, "POST", "/api/todos", Bearer(a.token), a.body); err != nil {
		return err
	}
	_, rest, _ := bytes.Cut(w.Body(), []byte(`"id":"`))
	id, _, found := bytes.Cut(rest, []byte(`"`))
	if !found {
		return fmt.Errorf("the answer has no id: %.200q", w.Body())
	}
	a.task = "/api/todos/" + string(id)
	return nil
}

// TaskFeed is the live stream of a user of Taskwire.
func TaskFeed(token string) Feed {
	return Feed{
		Path: "/api/stream/tasks", Header: Bearer(token),
		Change:  func(event, _ []byte) bool { return string(event) == "sync.task-changed" },
		Stamped: true,
		// It shows the title, which was written when the task was made or renamed.
		Unmarked: []byte(`"change_type":"completed"`),
	}
}

// TaskFeeds are those of all users.
func TaskFeeds(tokens []string) []Feed {
	feeds := make([]Feed, len(tokens))
	for i, token := range tokens {
		feeds[i] = TaskFeed(token)
	}
	return feeds
}
