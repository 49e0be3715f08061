package org.iommulab.linux.vfio;

import org.iommulab.linux.process.EventCounter;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts of a function in the hands of user space (vfio_pci_intrs.c): each kind has its
 * eventfds; MSI and MSI-X exclude each other.
 */
final class VfioPciInterrupts {

  private static final int MSI = 1;
  private static final int MSIX = 2;
  private static final int[] COUNTS = {0, 1, VfioPciConfig.MSIX_VECTORS, 1, 1};

  private static final int DATA_NONE = 1;
  private static final int DATA_BOOL = 2;
  private static final int DATA_EVENTFD = 4;
  private static final int ANY_DATA = DATA_NONE | DATA_BOOL | DATA_EVENTFD;
  private static final int ACTION_TRIGGER = 32;
  private static final int ANY_ACTION = 8 | 16 | ACTION_TRIGGER;
  private static final int HEAD_BYTES = 20;

  private static final int INFO_EVENTFD = 1;
  private static final int INFO_MASKABLE = 6;
  private static final int INFO_NO_RESIZE = 8;

  private final EventCounter.@Nullable Held[][] events;
  private int active;

  VfioPciInterrupts() {
    events = new EventCounter.Held[COUNTS.length][];
    for (int i = 0; i < COUNTS.length; i++) {
      events[i] = new EventCounter.Held[COUNTS[i]];
    }
  }

  /** Kinds of interrupts. */
  static int kinds() {
    return COUNTS.length;
  }

  /** {@code VFIO_DEVICE_GET_IRQ_INFO}. */
  static Status info(UserStruct arg) {
    int index = arg.id("index");
    if (index < 0 || index >= COUNTS.length) {
      return Status.fail(Errno.EINVAL, "the device has no interrupts of kind " + index);
    }
    int kind = index == 0 ? INFO_MASKABLE : INFO_NO_RESIZE;
    arg.put("flags", INFO_EVENTFD | kind);
    arg.put("count", COUNTS[index]);
    return arg.copyOut();
  }

  /** {@code VFIO_DEVICE_SET_IRQS}. */
  Status set(UserStruct arg) {
    int flags = arg.id("flags");
    long start = arg.get("start");
    long count = arg.get("count");
    int index = arg.id("index");
    if (index < 0 || index >= COUNTS.length || (flags & ~(ANY_DATA | ANY_ACTION)) != 0) {
      return Status.fail(Errno.EINVAL, "unknown flags, or no such kind of interrupt");
    }
    if (start >= Math.max(COUNTS[index], 1) || start + count > COUNTS[index]) {
      return Status.fail(Errno.EINVAL, "the device has " + COUNTS[index] + " such interrupts");
    }
    int size =
        switch (flags & ANY_DATA) {
          case DATA_NONE -> 0;
          case DATA_BOOL -> 1;
          case DATA_EVENTFD -> 4;
          default -> -1;
        };
    if (size < 0 || arg.get("argsz") - HEAD_BYTES < count * size) {
      return Status.fail(Errno.EINVAL, "one kind of data, as long as count says, is needed");
    }
    byte[] data = new byte[(int) count * size];
    if (data.length > 0 && !arg.process().read(arg.address() + HEAD_BYTES, data)) {
      return Status.fail(Errno.EFAULT, "the data cannot be read");
    }
    if ((flags & ANY_ACTION) != ACTION_TRIGGER) {
      return Status.fail(Errno.ENOTTY, "this kind of interrupt cannot be masked");
    }
    return trigger(arg, index, (int) start, (int) count, flags, data);
  }

  private Status trigger(UserStruct arg, int index, int start, int count, int flags, byte[] data) {
    boolean on = index == MSI || index == MSIX ? active == index : true;
    if (count == 0 && (flags & DATA_NONE) != 0) {
      disable(index);
      return Status.OK;
    }
    if ((index == MSI || index == MSIX) && active != 0 && !on) {
      return Status.fail(Errno.EINVAL, "the other kind of messages is in use");
    }
    if ((flags & DATA_EVENTFD) != 0) {
      return connect(arg, index, start, data);
    }
    if (!on) {
      return Status.fail(Errno.EINVAL, "no eventfd is set");
    }
    for (int i = 0; i < count; i++) {
      EventCounter.Held event = events[index][start + i];
      if (event != null && ((flags & DATA_NONE) != 0 || data[i] != 0)) {
        event.signal();
      }
    }
    return Status.OK;
  }

  private Status connect(UserStruct arg, int index, int start, byte[] data) {
    for (int i = 0; i < data.length / 4; i++) {
      int fd =
          data[4 * i] & 0xFF
              | (data[4 * i + 1] & 0xFF) << 8
              | (data[4 * i + 2] & 0xFF) << 16
              | data[4 * i + 3] << 24;
      EventCounter.Held held = null;
      if (fd >= 0) {
        if (arg.process().file(fd) instanceof EventCounter counter) {
          held = counter.hold();
        }
        if (held == null) {
          disconnect(index, start, i);
          boolean open = arg.process().file(fd) != null;
          return Status.fail(
              open ? Errno.EINVAL : Errno.EBADF, "descriptor " + fd + " is no eventfd");
        }
      }
      EventCounter.Held before = events[index][start + i];
      if (before != null) {
        before.release();
      }
      events[index][start + i] = held;
    }
    if (index == MSI || index == MSIX) {
      active = index;
    }
    return Status.OK;
  }

  private void disconnect(int index, int start, int count) {
    for (int i = start; i < start + count; i++) {
      EventCounter.Held event = events[index][i];
      if (event != null) {
        event.release();
        events[index][i] = null;
      }
    }
  }

  private void disable(int index) {
    disconnect(index, 0, events[index].length);
    active = active == index ? 0 : active;
  }

  /** All kinds are switched off: the device is closed or was reset. */
  void disableAll() {
    for (int i = 0; i < events.length; i++) {
      disable(i);
    }
  }

  /** A vector of the device fires. */
  void fire(int vector) {
    if (active != 0 && vector >= 0 && vector < events[active].length) {
      EventCounter.Held event = events[active][vector];
      if (event != null) {
        event.signal();
      }
    }
  }
}
