package org.iommulab.bus.device;

import java.util.List;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.PageGroupResponse;
import org.jspecify.annotations.Nullable;

/** A device's way to the bus. What it hears back is what real devices hear. */
public interface DmaPort {

  /** What a device is told about a request. */
  enum Completion {
    /** Data came; or a write went out, which nobody answers: it may have been dropped. */
    SUCCESS,
    /** A read ended with Unsupported Request, or with an abort on conventional PCI. */
    ABORTED,
    /** The device's own translation grants too little; nothing was sent. */
    DENIED,
    /** The device may not use translation services; nothing was sent. */
    REFUSED
  }

  /** The requester. */
  SourceId source();

  /**
   * Sends a request with the address as it is.
   *
   * @param access the request, which may cross pages
   * @param data bytes to write, or room for what is read
   */
  Completion transfer(DmaAccess access, byte[] data);

  /** As {@link #transfer}, but translates by the device's own cache first. */
  Completion transferTranslated(DmaAccess access, byte[] data);

  /** Sends a message-signalled interrupt. */
  void message(long address, int data);

  /**
   * Asks for a page (PRI).
   *
   * @return false if the request was refused or lost
   */
  boolean requestPage(DmaAccess access, int group);

  /** Answers to page requests since the last call, oldest first. */
  List<PageGroupResponse> responses();

  /** Reads without PASID; null if the read was aborted. */
  default byte @Nullable [] read(long address, int length) {
    byte[] data = new byte[length];
    DmaAccess access = DmaAccess.read(source(), address, length);
    return length == 0 || transfer(access, data) == Completion.SUCCESS ? data : null;
  }

  /** Writes without PASID. */
  default void write(long address, byte[] data) {
    if (data.length > 0) {
      transfer(DmaAccess.write(source(), address, data.length), data);
    }
  }
}
