package profile

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Slots gives each function a permanent number, so that adding one does not move the others' ports. A run without functions forgets
// none.
func (p Profile) Slots(functions []string) (map[string]int, error) {
	if len(functions) == 0 {
		return nil, nil
	}
	path := filepath.Join(p.Run(), "slots.json")
	slots := map[string]int{}
	content, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		// An unreadable file only means that ports move.
		_ = json.Unmarshal(content, &slots)
	}
	var taken []int
	for name, slot := range slots {
		if slices.Contains(functions, name) {
			taken = append(taken, slot)
		} else {
			delete(slots, name)
		}
	}
	for _, name := range slices.Sorted(slices.Values(functions)) {
		if _, ok := slots[name]; ok {
			continue
		}
		slot := 0
		for slices.Contains(taken, slot) {
			slot++
		}
		slots[name] = slot
		taken = append(taken, slot)
	}
	content, err = json.MarshalIndent(slots, "", "  ")
	if err != nil {
		return nil, err
	}
	return slots, os.WriteFile(path, append(content, '\n'), 0o600)
}
