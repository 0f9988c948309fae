"""Reading and verifying the log; writing it is part of every unit of work (`anmi.kit.audit`)."""
