package org.iommulab.evidence.debugfs;

/** What came out of reading a text: the file, or one sentence why not. */
public sealed interface DebugfsReading permits DebugfsFile, BadText {}
