package quickadd

import "testing"

func TestASectionOfAProject(t *testing.T) {
	t.Parallel()
	o := options
	for text, want := range map[string][2]string{
		"buy soap #Home/Bath": {"Home", "Bath"}, "buy soap #Home/Bath/Shelf": {"Home", "Bath/Shelf"}, "buy soap #Home/": {"Home/", ""}, "buy soap #Home": {"Home", ""},
	} {
		if r := Parse(text, o); r.Project != want[0] || r.Section != want[1] || r.Title != "buy soap" {
			t.Errorf("%s: %+v", text, r)
		}
	}
	o.IsProject = func(name string) bool { return name == "Home/Bath" }
	if r := Parse("buy soap #Home/Bath", o); r.Project != "Home/Bath" || r.Section != "" {
		t.Errorf("of a project that is called so: %+v", r)
	}
}
