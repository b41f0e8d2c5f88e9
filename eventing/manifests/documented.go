package manifests

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// Documented are the keys of each secret and config map, as the tables of docs/operations.md list them: "Secret/name" or
// "ConfigMap/name", then key.
type Documented map[string]map[string]bool

// A row: | `taskwire-redis` | `url`, `host` | … |. The heading before it says what it is about.
var (
	documentedRow = regexp.MustCompile("^\\| `([a-z0-9.-]+)` \\| ((?:`[\\w.-]+`(?:, )?)+) \\|")
	documentedKey = regexp.MustCompile("`([\\w.-]+)`")
)

func readDocumented(path string) (Documented, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	d := Documented{}
	kind := ""
	for line := range strings.Lines(string(content)) {
		if strings.HasPrefix(line, "#") {
			switch heading := strings.TrimSpace(strings.TrimLeft(line, "#")); heading {
			case "Secrets":
				kind = "Secret"
			case "Config maps":
				kind = "ConfigMap"
			default:
				kind = ""
			}
		}
		m := documentedRow.FindStringSubmatch(line)
		if kind == "" || m == nil {
			continue
		}
		keys := d[kind+"/"+m[1]]
		if keys == nil {
			keys = map[string]bool{}
			d[kind+"/"+m[1]] = keys
		}
		for _, key := range documentedKey.FindAllStringSubmatch(m[2], -1) {
			keys[key[1]] = true
		}
	}
	if len(d) == 0 {
		return nil, fmt.Errorf("%s: no table of secrets under \"Secrets\"", path)
	}
	return d, nil
}

// knows says whether a reference is documented.
func (d Documented) knows(r reference) bool {
	keys, ok := d[r.kind+"/"+r.name]
	return ok && (r.key == "" || keys[r.key])
}
