package vcenter

import (
	"errors"
	"strconv"
	"time"
)

// ErrNoSetting says that a setting is not one of the vCenter's.
var ErrNoSetting = errors.New("no such setting")

func setDuration(dst *time.Duration, value string) error {
	d, err := time.ParseDuration(value)
	if err == nil {
		*dst = d
	}
	return err
}

func setInt(dst *int, value string) error {
	n, err := strconv.Atoi(value)
	if err == nil {
		*dst = n
	}
	return err
}
