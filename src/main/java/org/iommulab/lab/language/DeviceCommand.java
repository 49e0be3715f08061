package org.iommulab.lab.language;

import org.iommulab.bus.Pasid;
import org.iommulab.bus.ats.DeviceTlb;
import org.jspecify.annotations.Nullable;

/** What a device with a translation cache does: address translation services and page requests. */
public sealed interface DeviceCommand extends Command {

  /** The device, by id or name. */
  String rid();

  /**
   * Asks the unit to translate, and keeps what is granted.
   *
   * @param pages 4 KiB pages asked for
   * @param noWrite it will not write
   */
  record Translate(String rid, long iova, int pages, boolean noWrite, Prefix prefix)
      implements DeviceCommand {}

  /** Reads {@code len} bytes by way of the translation cache. */
  record AtsRead(String rid, long iova, int len, Prefix prefix) implements DeviceCommand {}

  /** Writes by way of the translation cache. */
  record AtsWrite(String rid, long iova, Bytes data, Prefix prefix) implements DeviceCommand {}

  /**
   * Sends a request that claims to be translated already.
   *
   * @param addr physical address
   * @param data what to write; null to read
   * @param len bytes to read; 0 to write
   */
  record Translated(String rid, long addr, @Nullable Bytes data, int len)
      implements DeviceCommand {}

  /** Answers invalidations promptly, slowly or not at all from now on. */
  record Answers(String rid, DeviceTlb.Manner manner) implements DeviceCommand {}

  /** Carries out and answers the invalidations put off. */
  record Finish(String rid) implements DeviceCommand {}

  /** Completes an invalidation with any tag, asked for or not. */
  record Complete(String rid, int tag) implements DeviceCommand {}

  /**
   * Asks for a page.
   *
   * @param group page request group index
   * @param access {@code r}, {@code w} or {@code rw}
   * @param last last of its group
   */
  record PageRequest(String rid, long iova, int group, String access, boolean last, Prefix prefix)
      implements DeviceCommand {}

  /** Marks the end of a PASID's page requests. */
  record StopMarker(String rid, Pasid pasid) implements DeviceCommand {}

  /** Takes the page group responses that came since the last time. */
  record Responses(String rid) implements DeviceCommand {}
}
