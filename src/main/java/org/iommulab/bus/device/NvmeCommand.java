package org.iommulab.bus.device;

import java.nio.ByteBuffer;

/**
 * A submission queue entry.
 *
 * @param opcode what to do
 * @param id chosen by the driver, returned in the completion
 * @param namespace 1, or 0 where it does not matter
 * @param prp1 first data pointer
 * @param prp2 second data pointer: a page, or a list of pages
 * @param cdw10 first word of the command's own
 * @param cdw11 second word
 * @param cdw12 third word
 */
record NvmeCommand(
    int opcode, int id, int namespace, long prp1, long prp2, int cdw10, int cdw11, int cdw12) {

  static final int BYTES = 64;

  static final int IO_FLUSH = 0;
  static final int IO_WRITE = 1;
  static final int IO_READ = 2;

  static final int DELETE_SUBMISSION_QUEUE = 0;
  static final int CREATE_SUBMISSION_QUEUE = 1;
  static final int DELETE_COMPLETION_QUEUE = 4;
  static final int CREATE_COMPLETION_QUEUE = 5;
  static final int IDENTIFY = 6;
  static final int SET_FEATURES = 9;

  /** Status codes of completions: generic ones, and two of queue creation (type 1). */
  static final int SUCCESS = 0;

  static final int INVALID_OPCODE = 0x01;
  static final int INVALID_FIELD = 0x02;
  static final int DATA_TRANSFER_ERROR = 0x04;
  static final int INVALID_NAMESPACE = 0x0B;
  static final int LBA_OUT_OF_RANGE = 0x80;
  static final int INVALID_PRP_OFFSET = 0x13;
  static final int COMPLETION_QUEUE_INVALID = 0x100;
  static final int INVALID_QUEUE = 0x101;

  static NvmeCommand of(byte[] entry) {
    ByteBuffer in = Words.of(entry);
    int first = in.getInt(0);
    return new NvmeCommand(
        first & 0xFF,
        first >>> 16,
        in.getInt(4),
        in.getLong(24),
        in.getLong(32),
        in.getInt(40),
        in.getInt(44),
        in.getInt(48));
  }

  /** First block of a read or write. */
  long firstBlock() {
    return cdw10 & 0xFFFF_FFFFL | (long) cdw11 << 32;
  }

  /** Blocks of a read or write. */
  int blocks() {
    return (cdw12 & 0xFFFF) + 1;
  }
}
