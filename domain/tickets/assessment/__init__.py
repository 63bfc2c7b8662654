"""What units are measured by: `work.work_of` reads a history, `figures.figures` counts a period."""
