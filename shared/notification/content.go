package notification

// Content is what a title and a body say, for clients that say it in another language: which text, and what is inserted into it.
// Both are English where a client does not know the text.
type Content struct {
	Text string            `json:"text"`
	Args map[string]string `json:"args,omitempty"`
}

// Texts of notifications about tasks, with what is inserted. Those about accounts are in package notice; docs/openapi.yaml lists all.
const (
	TextDue           = "due"            // due_at and timezone, or due_date
	TextWasDue        = "was-due"        // the same
	TextReminder      = "reminder"       // the task has no due date
	TextDigest        = "digest"         // overdue and upcoming are counts, titles the first ones, more how many others there are
	TextUndatedDigest = "undated-digest" // count, titles and more
)

// Say returns the content of a text with names and values of what is inserted.
func Say(text string, args ...string) *Content {
	c := &Content{Text: text}
	for i := 0; i+1 < len(args); i += 2 {
		if c.Args == nil {
			c.Args = map[string]string{}
		}
		c.Args[args[i]] = args[i+1]
	}
	return c
}
