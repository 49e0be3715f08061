package org.iommulab.lab.run.hardware;

import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Prefix;

/** Requests of plain devices, as a line's fields describe them. */
public final class DeviceRequests {

  private DeviceRequests() {}

  /** A read. */
  public static DmaAccess read(SourceId source, long iova, int length, Prefix prefix) {
    DmaAccess.Kind kind = prefix.execute() ? DmaAccess.Kind.EXECUTE : DmaAccess.Kind.READ;
    return prefixed(DmaAccess.of(source, iova, length, kind), prefix);
  }

  /** A write. */
  public static DmaAccess write(SourceId source, long iova, int length, Prefix prefix) {
    return prefixed(DmaAccess.write(source, iova, length), prefix);
  }

  private static DmaAccess prefixed(DmaAccess access, Prefix prefix) {
    return access.withPasid(prefix.pasid()).withPrivileged(prefix.privileged());
  }
}
