package org.iommulab.linux.vfio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.iommulab.bus.PciFunction;
import org.iommulab.bus.PciIdentity;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.memory.AddressRange;
import org.jspecify.annotations.Nullable;

/**
 * Configuration space of a function as vfio-pci shows it (vfio_pci_config.c): the standard header
 * with BARs that can be sized, MSI, MSI-X and PCI Express capabilities, and behind them the
 * registers that only this function has. What the user writes to read-only fields vanishes.
 */
final class VfioPciConfig {

  /** Bytes of the space that PCI Express extends ({@code cfg_size} of struct pci_dev). */
  private static final int BYTES = 4096;

  /** Vectors of MSI-X. */
  static final int MSIX_VECTORS = 4;

  /** Where the head that all functions have, and its capabilities, end. */
  private static final int OWN_REGISTERS = 256;

  private static final int COMMAND = 0x04;
  private static final int MEMORY = 1 << 1;
  private static final int INTX_DISABLE = 1 << 10;
  private static final int INTX_PENDING = 1 << 3;
  private static final int INTERRUPT_PIN = 0x3D;
  private static final int COMMAND_BITS = 0x0547;
  private static final int STATUS = 0x06;
  private static final int HAS_CAPABILITIES = 0x10;
  private static final int FIRST_BAR = 0x10;
  private static final int CAPABILITIES_AT = 0x34;
  private static final int MSI = 0x40;
  private static final int MSIX = 0x50;
  private static final int EXPRESS = 0x60;
  private static final int CAN_RESET = 1 << 28;
  private static final int DEVICE_CONTROL = EXPRESS + 8;

  /** Relaxed ordering, no snooping, reads of 512 bytes: what a function comes up with. */
  private static final int CONTROL_AT_FIRST = 0x2810;

  /** All but phantom functions; the size of packets only seems to change. */
  private static final int CONTROL_BITS = 0x7DFF;

  /** Initiate a function-level reset; reads as 0. In the upper byte of device control. */
  private static final int INITIATE_RESET = 1 << 7;

  private final byte[] start = new byte[BYTES];
  private final byte[] writable = new byte[BYTES];
  private final byte[] now;
  private final @Nullable PciFunction hardware;
  private final Runnable reset;

  /**
   * Configuration space of a function.
   *
   * @param reset carries out a function-level reset that was asked for here
   */
  VfioPciConfig(PciDevice function, Runnable reset) {
    this.reset = reset;
    hardware = function.function();
    ByteBuffer space = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer mask = ByteBuffer.wrap(writable).order(ByteOrder.LITTLE_ENDIAN);
    PciIdentity identity = function.identity();
    space.putShort(0, (short) identity.vendor()).putShort(2, (short) identity.device());
    space.putShort(STATUS, (short) HAS_CAPABILITIES);
    space.putInt(8, identity.classCode() << 8);
    space.put(INTERRUPT_PIN, (byte) (hardware != null && hardware.hasPin() ? 1 : 0));
    mask.putShort(COMMAND, (short) COMMAND_BITS);
    space.put(COMMAND, (byte) (function.bars().isEmpty() ? 0 : MEMORY));
    mask.put(0x0C, (byte) -1).put(0x3C, (byte) -1);
    List<AddressRange> bars = function.bars();
    for (int i = 0; i < bars.size() && i < 6; i++) {
      space.putInt(FIRST_BAR + 4 * i, (int) bars.get(i).start());
      mask.putInt(FIRST_BAR + 4 * i, (int) -bars.get(i).size());
    }
    space.put(CAPABILITIES_AT, (byte) MSI);
    // MSI: one vector, 64-bit address.
    space.putShort(MSI, (short) (MSIX << 8 | 0x05)).putShort(MSI + 2, (short) 0x80);
    mask.putShort(MSI + 2, (short) 0x71).putInt(MSI + 4, -4).putInt(MSI + 8, -1);
    mask.putShort(MSI + 12, (short) -1);
    // MSI-X: its table in the upper half of the first BAR.
    space
        .putShort(MSIX, (short) (EXPRESS << 8 | 0x11))
        .putShort(MSIX + 2, (short) (MSIX_VECTORS - 1));
    long half = bars.isEmpty() ? 0 : bars.getFirst().size() / 2;
    space.putInt(MSIX + 4, (int) half).putInt(MSIX + 8, (int) (half + half / 2));
    mask.putShort(MSIX + 2, (short) 0xC000);
    // An endpoint; most can be reset alone.
    space.putShort(EXPRESS, (short) 0x10).putShort(EXPRESS + 2, (short) 0x02);
    space.putInt(EXPRESS + 4, function.resettable() ? CAN_RESET : 0);
    space.putShort(DEVICE_CONTROL, (short) CONTROL_AT_FIRST);
    mask.putShort(DEVICE_CONTROL, (short) CONTROL_BITS);
    now = start.clone();
  }

  /** Bytes of the space: the extended one only for functions that have registers there. */
  int bytes() {
    return hardware != null && hardware.hasExtendedConfiguration() ? BYTES : OWN_REGISTERS;
  }

  byte[] read(int offset, int length) {
    byte[] bytes = Arrays.copyOfRange(now, offset, offset + length);
    PciFunction function = hardware;
    for (int i = 0; function != null && i < length; i++) {
      int at = offset + i;
      if (at == STATUS && function.isPinAsserted()) {
        bytes[i] |= INTX_PENDING;
      } else if (at >= OWN_REGISTERS) {
        bytes[i] = (byte) function.configuration().read(at, 1);
      }
    }
    return bytes;
  }

  void write(int offset, byte[] value) {
    PciFunction function = hardware;
    for (int i = 0; i < value.length; ) {
      int at = offset + i;
      int size = at >= OWN_REGISTERS ? size(at, value.length - i) : 1;
      if (at >= OWN_REGISTERS && function != null) {
        long word = 0;
        for (int k = size - 1; k >= 0; k--) {
          word = word << 8 | value[i + k] & 0xFF;
        }
        function.configuration().write(at, size, word);
      } else {
        now[at] = (byte) (now[at] & ~writable[at] | value[i] & writable[at]);
      }
      if (at == DEVICE_CONTROL + 1 && (value[i] & INITIATE_RESET) != 0 && canReset()) {
        reset.run();
      }
      i += size;
    }
  }

  private boolean canReset() {
    return (now[EXPRESS + 7] & CAN_RESET >>> 24) != 0;
  }

  /** Configuration accesses move 4, 2 or 1 bytes, aligned. */
  private static int size(int at, int left) {
    return left >= 4 && at % 4 == 0 ? 4 : left >= 2 && at % 2 == 0 ? 2 : 1;
  }

  /** Whether the user has switched the interrupt pin off (DisINTx). */
  boolean disablesPin() {
    return (now[COMMAND + 1] << 8 & INTX_DISABLE) != 0;
  }

  /** Whether the function answers at its BARs ({@code __vfio_pci_memory_enabled()}). */
  boolean enablesMemory() {
    return (now[COMMAND] & MEMORY) != 0;
  }

  /** As vfio-pci finds it when it opens the function. */
  void reset() {
    System.arraycopy(start, 0, now, 0, BYTES);
  }
}
