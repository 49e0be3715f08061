package org.iommulab.vtd;

import java.util.BitSet;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.OptionalRegisters;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.register.RegisterFile;

/**
 * The enhanced and the virtual command registers: a write starts a command that is over at once.
 * Source: vtd.md 1.3, 12.
 */
final class CommandRegisters {

  private static final Register ECMD = OptionalRegisters.ECMD;
  private static final Register VCMD = OptionalRegisters.VCMD;
  private static final int ENABLE = 0xF0;
  private static final int DISABLE = 0xF1;
  private static final int FREEZE = 0xF4;
  private static final int UNFREEZE = 0xF5;
  private static final int ALLOCATE = 1;
  private static final int FREE = 2;

  private final RegisterFile registers;
  private final PerformanceMonitor monitor;
  private final boolean monitors;
  private final int pasids;
  private final BitSet allocated = new BitSet();

  CommandRegisters(
      UnitConfiguration configuration, RegisterFile registers, PerformanceMonitor monitor) {
    this.registers = registers;
    this.monitor = monitor;
    Capabilities capabilities = configuration.capabilities();
    monitors = capabilities.has(ExtendedCapabilityLayout.PMS);
    pasids = 1 << capabilities.pasidBits();
    registers.onWrite(ECMD, this::enhancedWritten);
    registers.onWrite(VCMD, this::virtualWritten);
  }

  void reset() {
    allocated.clear();
  }

  /** Software wrote ECMD. */
  private void enhancedWritten() {
    long command = registers.get64(ECMD.position());
    boolean done = monitors && carryOut((int) ECMD.field("CMD").get(command), command);
    registers.set64(
        OptionalRegisters.ECRSP.position(),
        OptionalRegisters.ECRSP.field("SC").with(0, done ? 0 : 1));
  }

  private boolean carryOut(int code, long command) {
    long operand = ECMD.field("OA").get(command);
    switch (code) {
      case ENABLE -> {
        return monitor.enable(operand, true);
      }
      case DISABLE -> {
        return monitor.enable(operand, false);
      }
      case FREEZE -> monitor.freeze(true);
      case UNFREEZE -> monitor.freeze(false);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Software wrote VCMD. */
  private void virtualWritten() {
    long command = registers.get64(VCMD.position());
    int operand = (int) VCMD.field("OPERAND").get(command);
    int result =
        switch ((int) VCMD.field("CMD").get(command)) {
          case ALLOCATE -> allocate();
          case FREE -> free(operand);
          default -> -1;
        };
    Register response = OptionalRegisters.VCRSP;
    long value = response.field("SC").with(0, result < 0 ? 1 : 0);
    registers.set64(response.position(), response.field("RESULT").with(value, Math.max(result, 0)));
  }

  /** PASID 0 is for requests without one. */
  private int allocate() {
    int pasid = allocated.nextClearBit(1);
    if (pasid >= pasids) {
      return -1;
    }
    allocated.set(pasid);
    return pasid;
  }

  private int free(int pasid) {
    if (pasid <= 0 || !allocated.get(pasid)) {
      return -1;
    }
    allocated.clear(pasid);
    return 0;
  }
}
