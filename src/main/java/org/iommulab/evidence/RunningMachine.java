package org.iommulab.evidence;

import java.util.List;
import java.util.Optional;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PageLoader;

/** A machine that runs while it is looked at: it is asked, and never stopped or written to. */
public interface RunningMachine {

  /** What to call it. */
  String name();

  /** Its memory, whole frames. */
  List<AddressRange> ram();

  /** Fetches a page of it, as it is now; none once the machine is gone. */
  PageLoader pages();

  /** Where the machine itself says that units have their registers; maybe none. */
  List<Long> bases();

  /** A unit's register window as it is now; empty if nothing is there, or the machine is gone. */
  Optional<byte[]> registers(long base);
}
