package stack

import (
	"slices"
	"testing"

	"taskwire.dev/local/internal/profile"
	"taskwire.dev/tools/function"
	"taskwire.dev/tools/secret"
)

// A setting that nothing reads would be changed in vain. The functions' addresses are generated for all of them.
func TestConfig_IsRead(t *testing.T) {
	t.Parallel()
	functions, err := function.Discover("../../..")
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.New(t.TempDir(), "some", 17000, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &Stack{
		profile: p, functions: functions, slots: map[string]int{}, secrets: secret.Store{Dir: t.TempDir()},
		ownerURL: "postgres://owner:password@127.0.0.1:5432/taskwire", redisURL: "redis://:password@127.0.0.1:6379",
	}
	if err := s.resolveValues(); err != nil {
		t.Fatal(err)
	}
	var read []string
	for _, f := range functions {
		read = append(read, f.References("configMap")...)
	}
	addresses := function.Addresses(functions, s.reached)
	for key := range s.values.ConfigMaps[configMap] {
		if _, generated := addresses[key]; !generated && !slices.Contains(read, configMap+"/"+key) {
			t.Errorf("no func.yaml reads %s", key)
		}
	}
}
