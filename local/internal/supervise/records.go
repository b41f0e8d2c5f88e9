package supervise

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"taskwire.dev/local/internal/proc"
)

// records is a folder with one file for each running process: what is needed to end it after the supervisor was killed.
type records struct{ dir string }

type record struct {
	proc.ID
	Name   string        `json:"name"`
	Stage  int           `json:"stage"`
	Signal int           `json:"signal"`
	Grace  time.Duration `json:"grace"`
}

func (r records) write(part Part, id proc.ID) error {
	content, err := json.Marshal(record{
		ID: id, Name: part.Name, Stage: part.Stage, Signal: int(part.stopSignal()), Grace: part.Grace,
	})
	if err != nil {
		return err
	}
	return os.WriteFile(r.path(part.Name), content, 0o600)
}

func (r records) remove(name string) { _ = os.Remove(r.path(name)) }

func (r records) path(name string) string { return filepath.Join(r.dir, name+".pid.json") }

// Orphans lists the recorded parts that still run.
func Orphans(dir string) []string {
	var names []string
	for _, r := range (records{dir}).living() {
		names = append(names, r.Name)
	}
	return names
}

// EndOrphans ends what a killed supervisor has left behind, in the order of a normal stop. A process is identified by
// its number and its start time, never by its name, so that other processes are not touched.
func EndOrphans(dir string) []string {
	r := records{dir}
	living := r.living()
	slices.SortStableFunc(living, func(a, b record) int { return cmp.Compare(b.Stage, a.Stage) })
	var names []string
	for len(living) > 0 {
		stage := living[0].Stage
		var group sync.WaitGroup
		for len(living) > 0 && living[0].Stage == stage {
			orphan := living[0]
			living = living[1:]
			names = append(names, orphan.Name)
			group.Go(func() { orphan.End(syscall.Signal(orphan.Signal), orphan.Grace) })
		}
		group.Wait()
	}
	stale, _ := filepath.Glob(filepath.Join(dir, "*.pid.json"))
	for _, path := range stale {
		_ = os.Remove(path)
	}
	return names
}

func (r records) living() []record {
	var living []record
	paths, _ := filepath.Glob(filepath.Join(r.dir, "*.pid.json"))
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		var one record
		if json.Unmarshal(content, &one) != nil || !strings.HasPrefix(filepath.Base(path), one.Name) {
			continue
		}
		if one.Alive() {
			living = append(living, one)
		}
	}
	return living
}
