package org.iommulab.evidence.debugfs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.bus.SourceId;

/** Reads debugfs texts line by line; every line must be of a known form. */
final class DebugfsParser {

  private static final String OFF = "not enabled";
  private static final String HEX = "([0-9a-f]{1,16})";
  private static final Pattern UNIT =
      Pattern.compile("IOMMU: (\\S+) Register Base Address: " + HEX);
  private static final Pattern REGISTER =
      Pattern.compile("(\\S+) *\t0x([0-9a-f]{1,6})\t\t0x" + HEX);
  private static final Pattern ROOT = Pattern.compile("IOMMU (\\S+): Root Table Address: 0x" + HEX);
  private static final Pattern ROOT_ROW =
      Pattern.compile(
          String.format(
              Locale.ROOT,
              "(\\S+)\t0x%1$s:0x%1$s\t0x%1$s:0x%1$s\t(-?\\d{1,7}) *\t0x%1$s:0x%1$s:0x%1$s",
              HEX));
  private static final Pattern DEVICE =
      Pattern.compile("Device (\\S+)(?: with pasid ([0-9a-f]{1,5}))? @0x" + HEX);
  private static final Pattern PAGE_ROW =
      Pattern.compile(String.format(Locale.ROOT, "0x%1$s \\|((?:\t0x%1$s){3,5})", HEX));
  private static final Pattern QUEUE = Pattern.compile("Invalidation queue on IOMMU: (\\S+)");
  private static final Pattern QUEUE_PLACE =
      Pattern.compile(
          String.format(Locale.ROOT, " Base: 0x%s\tHead: (\\d{1,9})\tTail: (\\d{1,9})", HEX));
  private static final Pattern QUEUE_ROW =
      Pattern.compile(String.format(Locale.ROOT, " *(\\d{1,7})((?:\t%s){3,5})", HEX));
  private static final Pattern INTERRUPTS =
      Pattern.compile("(Remapped|Posted) Interrupt supported on IOMMU: (\\S+)");
  private static final Pattern TABLE = Pattern.compile(" IR table address: ?" + HEX);
  private static final Pattern INTERRUPT_ROW =
      Pattern.compile(String.format(Locale.ROOT, " (\\d{1,5}) .*  %1$s\t%1$s", HEX));

  private final List<String> lines;
  private final List<Block> blocks = new ArrayList<>();
  private int next;

  DebugfsParser(String text) {
    lines = text.lines().toList();
  }

  /** Ends the reading at the current line. */
  private static final class Mismatch extends Exception {
    private static final long serialVersionUID = 1;

    Mismatch(String sentence) {
      super(sentence, null, false, false);
    }
  }

  DebugfsReading read() {
    try {
      while (next < lines.size()) {
        block();
      }
      return new DebugfsFile(blocks);
    } catch (Mismatch e) {
      return new BadText(
          next + 1, String.format(Locale.ROOT, "Line %d %s.", next + 1, e.getMessage()));
    }
  }

  private void block() throws Mismatch {
    String line = lines.get(next);
    Matcher matcher;
    if ((matcher = UNIT.matcher(line)).matches()) {
      unit(matcher);
    } else if ((matcher = ROOT.matcher(line)).matches()) {
      roots(matcher);
    } else if ((matcher = DEVICE.matcher(line)).matches()) {
      pages(matcher);
    } else if ((matcher = QUEUE.matcher(line)).matches()) {
      queue(matcher);
    } else if ((matcher = INTERRUPTS.matcher(line)).matches()) {
      interrupts(matcher);
    } else if (line.isEmpty() || line.equals("****") || line.contains(OFF)) {
      blocks.add(new Block.Remark(line));
      next++;
    } else {
      throw new Mismatch("begins no part of an intel-iommu debugfs file");
    }
  }

  private void heading(String heading) throws Mismatch {
    next++;
    if (next >= lines.size() || !lines.get(next).equals(heading.stripTrailing())) {
      throw new Mismatch(String.format(Locale.ROOT, "must be the heading \"%s\"", heading.strip()));
    }
    next++;
  }

  private Matcher line(Pattern pattern) throws Mismatch {
    next++;
    Matcher matcher = pattern.matcher(next < lines.size() ? lines.get(next) : "");
    if (!matcher.matches()) {
      throw new Mismatch("is not what follows the line above it");
    }
    return matcher;
  }

  /** Rows up to an empty line, which belongs to them, or to a line of another form. */
  private void rows(Pattern pattern, Consumer<Matcher> taker) throws Mismatch {
    while (next < lines.size() && !lines.get(next).isEmpty()) {
      Matcher matcher = pattern.matcher(lines.get(next));
      if (!matcher.matches()) {
        throw new Mismatch("is not a row of this table");
      }
      taker.accept(matcher);
      next++;
    }
    next++;
  }

  private static long hex(String digits) {
    return Long.parseUnsignedLong(digits, 16);
  }

  private void unit(Matcher unit) throws Mismatch {
    String name = unit.group(1);
    long base = hex(unit.group(2));
    if (next + 1 < lines.size() && lines.get(next + 1).startsWith("Name")) {
      heading(Block.Registers.HEADING);
      var rows = new ArrayList<Block.Registers.Row>();
      rows(
          REGISTER,
          row ->
              rows.add(
                  new Block.Registers.Row(
                      row.group(1), (int) hex(row.group(2)), hex(row.group(3)))));
      blocks.add(new Block.Registers(name, base, rows));
      return;
    }
    var rows = new ArrayList<String>();
    for (next++; next < lines.size() && !UNIT.matcher(lines.get(next)).matches(); next++) {
      rows.add(lines.get(next));
    }
    blocks.add(new Block.Latency(name, base, rows));
  }

  private void roots(Matcher unit) throws Mismatch {
    heading(Block.Roots.HEADING);
    var rows = new ArrayList<Block.Roots.Row>();
    var bad = new ArrayList<String>();
    rows(
        ROOT_ROW,
        row ->
            SourceId.parse(row.group(1))
                .ifPresentOrElse(
                    source -> rows.add(root(source, row)), () -> bad.add(row.group(1))));
    if (!bad.isEmpty()) {
      throw new Mismatch(
          String.format(
              Locale.ROOT, "ends a table with the device %s, which cannot be", bad.getFirst()));
    }
    blocks.add(new Block.Roots(unit.group(1), hex(unit.group(2)), rows));
  }

  private static Block.Roots.Row root(SourceId source, Matcher row) {
    return new Block.Roots.Row(
        source,
        hex(row.group(2)),
        hex(row.group(3)),
        hex(row.group(4)),
        hex(row.group(5)),
        Integer.parseInt(row.group(6)),
        hex(row.group(7)),
        hex(row.group(8)),
        hex(row.group(9)));
  }

  private void pages(Matcher device) throws Mismatch {
    heading(Block.Pages.HEADING);
    var rows = new ArrayList<Block.Pages.Row>();
    Matcher row;
    while (next < lines.size() && (row = PAGE_ROW.matcher(lines.get(next))).matches()) {
      rows.add(new Block.Pages.Row(hex(row.group(1)), quadwords(row.group(2), "0x")));
      next++;
    }
    int pasid = device.group(2) == null ? -1 : (int) hex(device.group(2));
    blocks.add(new Block.Pages(device.group(1), pasid, hex(device.group(3)), rows));
  }

  private static long[] quadwords(String columns, String prefix) {
    String[] words = columns.strip().split("\t");
    var values = new long[words.length];
    for (int i = 0; i < words.length; i++) {
      values[i] = hex(words[i].substring(prefix.length()));
    }
    return values;
  }

  private void queue(Matcher unit) throws Mismatch {
    Matcher place = line(QUEUE_PLACE);
    boolean wide = next + 1 < lines.size() && lines.get(next + 1).contains("qw3");
    int quadwords = wide ? 4 : 2;
    heading(wide ? Block.Queue.WIDE : Block.Queue.NARROW);
    var rows = new ArrayList<Block.Queue.Row>();
    var bad = new ArrayList<Integer>();
    rows(
        QUEUE_ROW,
        row -> {
          long[] values = quadwords(row.group(2), "");
          if (values.length != quadwords + 1) {
            bad.add(next + 1);
          }
          rows.add(
              new Block.Queue.Row(
                  Integer.parseInt(row.group(1)),
                  java.util.Arrays.copyOf(values, quadwords),
                  values[values.length - 1]));
        });
    if (!bad.isEmpty()) {
      next = bad.getFirst() - 1;
      throw new Mismatch("has another number of columns than the heading");
    }
    blocks.add(
        new Block.Queue(
            unit.group(1),
            hex(place.group(1)),
            Long.parseLong(place.group(2)),
            Long.parseLong(place.group(3)),
            quadwords,
            rows));
  }

  private void interrupts(Matcher unit) throws Mismatch {
    boolean posted = unit.group(1).equals("Posted");
    if (next + 1 < lines.size() && lines.get(next + 1).contains(OFF)) {
      blocks.add(new Block.Remark(lines.get(next)));
      next++;
      return;
    }
    long table = hex(line(TABLE).group(1));
    heading(posted ? Block.Interrupts.POSTED : Block.Interrupts.REMAPPED);
    var rows = new ArrayList<Block.Interrupts.Row>();
    rows(
        INTERRUPT_ROW,
        row ->
            rows.add(
                new Block.Interrupts.Row(
                    Integer.parseInt(row.group(1)), hex(row.group(2)), hex(row.group(3)))));
    blocks.add(new Block.Interrupts(unit.group(2), posted, table, rows));
  }
}
