package manifests_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"taskwire.dev/eventing/manifests"
)

// Each file of testdata/refused is applied to a valid environment and must be refused for exactly the reasons in its
// head. Together they are refused for every reason there is.
func TestRefused(t *testing.T) {
	t.Parallel()
	good, known := map[string]*manifests.Set{}, map[string][]string{}
	for _, overlay := range overlays {
		good[overlay] = load(t, overlay)
		known[overlay] = manifests.Check(load(t, overlay)) // reported by TestOverlays_AreRight
	}
	paths, err := filepath.Glob("testdata/refused/*.yaml")
	if err != nil || len(paths) < 20 {
		t.Fatal(len(paths), "examples", err)
	}
	var mu sync.Mutex
	var reasons []string
	t.Run("examples", func(t *testing.T) {
		for _, path := range paths {
			t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) {
				t.Parallel()
				got := refuse(t, path, good, known)
				mu.Lock()
				defer mu.Unlock()
				reasons = append(reasons, got...)
			})
		}
	})
	t.Run("every message", func(t *testing.T) {
		for _, m := range messages(t) {
			if !slices.ContainsFunc(reasons, m.text.MatchString) {
				t.Errorf("%s: no file in testdata/refused is refused for %s", m.place, m.format)
			}
		}
	})
}

// refuse applies an example and returns what it is refused for.
func refuse(t *testing.T, path string, good map[string]*manifests.Set, known map[string][]string) []string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	overlay, wants := head(t, content)
	set, err := manifests.Overlay(good[overlay], content)
	if err != nil {
		t.Fatal(err)
	}
	got := slices.DeleteFunc(manifests.Check(set), func(problem string) bool {
		return slices.Contains(known[overlay], problem)
	})
	for _, want := range wants {
		if !slices.ContainsFunc(got, func(problem string) bool { return strings.Contains(problem, want) }) {
			t.Errorf("not refused for %q", want)
		}
	}
	for _, problem := range got {
		if !slices.ContainsFunc(wants, func(want string) bool { return strings.Contains(problem, want) }) {
			t.Errorf("refused for %q, want %q", problem, wants)
		}
	}
	return got
}

// head reads "# overlay: …" (kind where there is none) and each "# refused: …".
func head(t *testing.T, content []byte) (overlay string, wants []string) {
	t.Helper()
	overlay = "kind"
	for line := range strings.Lines(string(content)) {
		if name, ok := strings.CutPrefix(line, "# overlay: "); ok {
			overlay = strings.TrimSpace(name)
		}
		if text, ok := strings.CutPrefix(line, "# refused: "); ok {
			wants = append(wants, strings.TrimSpace(text))
		}
	}
	if len(wants) == 0 {
		t.Fatal("has no line \"# refused: …\"")
	}
	return overlay, wants
}

// message is what a rule says of an object.
type message struct {
	place  string
	format string
	text   *regexp.Regexp // of a problem with this format
}

var verb = regexp.MustCompile(`%[a-z]`)

// messages finds the format of every call of problems.add. One that consists of verbs, for an error of another package, could be
// told from no other and is left out.
func messages(t *testing.T) (found []message) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	for _, name := range files {
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.SelectorExpr); !ok || f.Sel.Name != "add" || len(call.Args) < 2 {
				return true
			}
			m := message{place: set.Position(call.Pos()).String()}
			literal, ok := call.Args[1].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: the format is no literal, so this test does not know it", m.place)
				return true
			}
			if m.format, err = strconv.Unquote(literal.Value); err != nil {
				t.Fatal(err)
			}
			parts := verb.Split(m.format, -1)
			if strings.Trim(strings.Join(parts, ""), " :") == "" {
				return true
			}
			for i, part := range parts {
				parts[i] = regexp.QuoteMeta(part)
			}
			m.text = regexp.MustCompile(`(?s)^[^ ]+: ` + strings.Join(parts, ".*") + `$`)
			found = append(found, m)
			return true
		})
	}
	if len(found) < 50 {
		t.Fatalf("only %d messages", len(found))
	}
	return found
}
