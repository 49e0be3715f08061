package org.iommulab.bus.device;

import static org.iommulab.bus.device.NvmeCommand.DATA_TRANSFER_ERROR;
import static org.iommulab.bus.device.NvmeCommand.INVALID_PRP_OFFSET;
import static org.iommulab.bus.device.NvmeCommand.SUCCESS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Follows the data pointers of an NVMe command (PRP): the first may start inside a page; up to one
 * page more stands in the second pointer; more pages stand in a list that it points to. The last
 * entry of a list's page leads on to the next list if data is left.
 */
final class PageList {

  private static final int PAGE = 4096;
  private static final int ENTRY_BYTES = 8;

  /**
   * A stretch of the data.
   *
   * @param address where it is in memory
   * @param offset where it is in the data
   * @param length bytes, all in one page
   */
  record Piece(long address, int offset, int length) {
    byte[] of(byte[] data) {
      return Arrays.copyOfRange(data, offset, offset + length);
    }
  }

  /**
   * Where the data is.
   *
   * @param status of the command if the list could not be followed
   * @param at the address that is to blame
   */
  record Outcome(List<Piece> pieces, int status, long at) {}

  private final DmaPort port;

  PageList(DmaPort port) {
    this.port = port;
  }

  Outcome resolve(long prp1, long prp2, int bytes) {
    var pieces = new ArrayList<Piece>();
    int first = Math.min(bytes, PAGE - (int) (prp1 & PAGE - 1));
    pieces.add(new Piece(prp1, 0, first));
    int left = bytes - first;
    if (left == 0) {
      return new Outcome(pieces, SUCCESS, 0);
    }
    if (left <= PAGE) {
      if ((prp2 & PAGE - 1) != 0) {
        return new Outcome(List.of(), INVALID_PRP_OFFSET, prp2);
      }
      pieces.add(new Piece(prp2, first, left));
      return new Outcome(pieces, SUCCESS, 0);
    }
    return list(prp2, pieces, first, left);
  }

  private Outcome list(long start, List<Piece> pieces, int done, int left) {
    long at = start;
    while (left > 0) {
      byte[] entry = port.read(at, ENTRY_BYTES);
      if (entry == null) {
        return new Outcome(List.of(), DATA_TRANSFER_ERROR, at);
      }
      long page = Words.of(entry).getLong();
      if ((page & PAGE - 1) != 0) {
        return new Outcome(List.of(), INVALID_PRP_OFFSET, page);
      }
      boolean leadsOn = (at & PAGE - 1) == PAGE - ENTRY_BYTES && left > PAGE;
      if (leadsOn) {
        at = page;
      } else {
        int length = Math.min(left, PAGE);
        pieces.add(new Piece(page, done, length));
        done += length;
        left -= length;
        at += ENTRY_BYTES;
      }
    }
    return new Outcome(pieces, SUCCESS, 0);
  }
}
