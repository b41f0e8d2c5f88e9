package contender

import (
	"fmt"
	"strings"
)

// script is pgbench's script for the four changes of a cycle, each in a transaction of the statements that Taskwire needs at least: lock
// the user's row, read the task that is changed, and write the task, the audit event, the two rows of the outbox and the user's sequence.
func script(w written, users int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\\set u random(0, %d)\n", users-1)
	const (
		user = "md5(:u::text)::uuid"
		task = "md5(:t::text)::uuid"
	)
	for i := range w.event {
		if i < 2 { // it creates a task
			fmt.Fprintf(&b, "\\set t random(1, %d)\n", int64(1)<<60)
		}
		b.WriteString("BEGIN;\n")
		fmt.Fprintf(&b, "SELECT seq AS seq, last_position AS place FROM user_stream WHERE user_id = %s FOR UPDATE \\gset\n", user)
		if i >= 2 {
			fmt.Fprintf(&b, "SELECT * FROM task WHERE user_id = %s AND id = %s;\n", user, task)
		}
		var outgoing []row
		for _, r := range w.outbox[i] {
			outgoing = append(outgoing, r.with(map[string]string{"user_id": user}))
		}
		event := w.event[i].with(map[string]string{"user_id": user, "seq": ":seq::bigint + 1", "id": "gen_random_uuid()", "task_id": task})
		saved := w.task[i].with(map[string]string{"user_id": user, "id": task})
		fmt.Fprintf(&b, "WITH out AS (%s), audit AS (%s), saved AS (%s ON CONFLICT (user_id, id) DO UPDATE SET %s) UPDATE user_stream SET seq = seq + 1 WHERE user_id = %s;\n",
			insert("outbox", outgoing...), insert("task_event", event), insert("task", saved), excluded(saved.columns), user)
		b.WriteString("COMMIT;\n")
	}
	return b.String()
}

// excluded sets all columns to the values of the row that could not be inserted.
func excluded(columns []string) string {
	var set []string
	for _, name := range columns {
		if name != "user_id" && name != "id" {
			set = append(set, name+" = EXCLUDED."+name)
		}
	}
	return strings.Join(set, ", ")
}
