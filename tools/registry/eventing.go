package registry

// addresses is the part of taskwire-config by which functions call each other, as function.Addresses gives it on a laptop.
func addresses(r Registry, _ []byte) ([]byte, error) { return render("addresses", r.Functions) }
