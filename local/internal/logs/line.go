package logs

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strconv"
	"strings"
	"time"
)

// shown is a line as it is shown.
type shown struct {
	at   time.Time // zero for a line that is not JSON
	text string
}

// show formats a line for a terminal, or reports false when the view leaves it out.
func (v View) show(prefix string, line []byte) (shown, bool) {
	e, ok := parse(line)
	switch {
	case !ok:
		return shown{text: prefix + string(line)}, !v.JSON && !v.filters()
	case v.Level != nil && e.level < v.Level.Level(), !strings.HasPrefix(e.trace, v.Trace):
		return shown{}, false
	case v.JSON:
		return shown{e.time, string(line)}, true
	}
	return shown{e.time, prefix + e.String()}, true
}

// entry is a JSON line as slog writes it.
type entry struct {
	time    time.Time
	level   slog.Level
	message string
	trace   string
	fields  []string // all others, as name=value
}

// parse reads a JSON line; false when it is none.
func parse(line []byte) (e entry, ok bool) {
	if len(line) == 0 || line[0] != '{' {
		return e, false
	}
	decoder := json.NewDecoder(bytes.NewReader(line))
	if _, err := decoder.Token(); err != nil {
		return e, false
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return e, false
		}
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			return e, false
		}
		name, _ := key.(string)
		e.set(name, value)
	}
	_, err := decoder.Token()
	return e, err == nil
}

func (e *entry) set(name string, value json.RawMessage) {
	text := string(value)
	isText := json.Unmarshal(value, &text) == nil
	switch {
	case name == slog.TimeKey && isText:
		e.time, _ = time.Parse(time.RFC3339Nano, text)
	case name == slog.LevelKey && isText:
		e.level = level(text)
	case name == slog.MessageKey && isText:
		e.message = text
	case name == "function":
		// It is the name of the log.
	case isText && text == "":
	default:
		if name == "trace_id" {
			e.trace = text
		}
		if isText && strings.ContainsAny(text, " \t\r\n\"=") {
			text = strconv.Quote(text)
		}
		e.fields = append(e.fields, name+"="+text)
	}
}

// level reads the names of slog and, since VictoriaMetrics and Jaeger have two more, those.
func level(text string) slog.Level {
	var l slog.Level
	if l.UnmarshalText([]byte(text)) == nil {
		return l
	}
	switch strings.ToLower(text) {
	case "panic", "fatal":
		return slog.LevelError
	}
	return slog.LevelInfo
}

// String is the line for a terminal, with the local time.
func (e entry) String() string {
	var b strings.Builder
	if !e.time.IsZero() {
		b.WriteString(e.time.Local().Format("15:04:05.000 "))
	}
	b.WriteString(e.level.String())
	b.WriteString(strings.Repeat(" ", max(1, len("ERROR ")-len(e.level.String()))))
	b.WriteString(e.message)
	for _, field := range e.fields {
		b.WriteString("  " + field)
	}
	return b.String()
}
