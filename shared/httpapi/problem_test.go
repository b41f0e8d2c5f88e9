package httpapi

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestStatuses_AreThoseOfTheDocuments: each problem has its row in errors.md, and the pages for operators name no server error that no
// response has.
func TestStatuses_AreThoseOfTheDocuments(t *testing.T) {
	t.Parallel()
	read := func(page string) string {
		content, err := os.ReadFile("../../docs/" + page)
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	rows, sent := read("errors.md"), map[string]bool{}
	for code, s := range statuses {
		sent[fmt.Sprint(s.status)] = true
		if row := fmt.Sprintf("| `%s` | %d |", code, s.status); !strings.Contains(rows, row) {
			t.Errorf("errors.md lacks %s", row)
		}
	}
	serverError := regexp.MustCompile(`(?:^|[^\w,.])(50\d)\b`) // not the end of 19,500 or x509
	for _, page := range []string{"runbooks.md", "operations.md"} {
		for _, found := range serverError.FindAllStringSubmatch(read(page), -1) {
			if !sent[found[1]] {
				t.Errorf("%s names the status %s, which no response has", page, found[1])
			}
		}
	}
}
