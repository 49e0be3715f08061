package org.iommulab.lab.rig;

import org.iommulab.lab.script.Complaint;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.SyscallResult;

/** Memory of the process for arguments and buffers, as a C program has on its stack. */
final class Scratch {

  private static final int BYTES = 16384;

  private long address = -1;

  /** Its address, room for {@code length} bytes. */
  long room(ModelProcess process, int length) throws Complaint {
    if (length > BYTES) {
      throw new Complaint(
          "a call passes at most " + BYTES + " bytes here; use memory of user.alloc for more");
    }
    if (address == -1) {
      SyscallResult got = process.alloc(BYTES, MemoryOptions.PLAIN);
      if (got.failed()) {
        throw new Complaint("the process has no memory left for the argument of the call");
      }
      address = got.ret();
    }
    return address;
  }

  /** Places bytes there. */
  long place(ModelProcess process, byte[] bytes) throws Complaint {
    long at = room(process, bytes.length);
    process.write(at, bytes);
    return at;
  }
}
