package org.iommulab.lab.advice;

import org.iommulab.bus.SourceId;
import org.iommulab.linux.GroupView;
import org.iommulab.words.Bilingual;

/** What a process has given to devices. */
interface ProcessAreas {

  /** Whether a process owns the device. */
  boolean isAssigned(Step step, SourceId device, GroupView group);

  /** The command that mapped an address for reading only; -1 if none did. */
  int readOnlySince(long iova);

  /** What lies at an address that a device of the process asked for in vain. */
  Bilingual describe(long iova);
}
