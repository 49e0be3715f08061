package org.iommulab.evidence.log;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.iommulab.evidence.log.Keywords.Word;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log once, from front to end. Lines without a word of interest cost a look at their bytes;
 * the others are cleaned, joined where mail software broke them, and read by the grammars.
 */
final class LogReader implements LogLines.Reader {

  private static final long VTD = 1;
  private static final long FAULT = 1L << 1;
  private static final long AMD = 1L << 2;
  private static final long BOOT = 1L << 3;
  private static final long INTEL = 1L << 4;
  private static final long SIGN = 1L << 5;
  private static final long DEVICE = 1L << 6;
  private static final long TRACE = 1L << 7;
  private static final long JOURNAL = 1L << 8;
  private static final long MAIL = 1L << 9;
  private static final int MOST_JOINED = 6;

  /** A driver speaks in the name of its device. */
  private static final Pattern OF_A_DEVICE =
      Pattern.compile("[a-z][\\w-]{1,30} [0-9a-f]{4,5}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]: ");

  private static final Keywords KEYWORDS = keywords();

  private final LogFacts facts = new LogFacts();
  private final LineCleaner cleaner = new LineCleaner();
  private final FaultGrammar faults = new FaultGrammar();
  private final BootGrammar boot = new BootGrammar(facts);
  private final MessageGrammar messages = new MessageGrammar(facts);
  private final SignGrammar signs = new SignGrammar(facts);
  private final TraceGrammar trace = new TraceGrammar(facts);
  private @Nullable LogLine open;
  private long openMarks;
  private int joined;

  private static Keywords keywords() {
    var words = new ArrayList<Word>();
    add(words, FAULT, "request device", "fault reason", "dmar: reason", "handling fault status");
    add(words, FAULT, "[dma read", "[dma write", "intr-remap", "iommu_fault:");
    add(words, VTD, "dmar", "drhd", "rmrr", "iommu", "vt-d", "x2apic", "ioapic id", "hpet id");
    add(words, VTD, "irq remapping", "interrupt remapping", "interrupt-remapping");
    add(words, VTD, "qi head", "qi prior", "pte level", "root entry", "context entry", "pasid");
    add(words, VTD, "not present", "root_entry", "context[", "l4[", "l3[", "l2[", "l1[", "l5[");
    add(words, VTD, "for directed i/o", "acs overrides", "your bios is broken", "bios vendor");
    add(words, VTD, "atsr flags", "satc flags", "rhsa base", "andd device", "host address width");
    add(
        words,
        VTD,
        "ecap",
        "unity mapping",
        "messages suppressed",
        "identity map",
        "irq-injection");
    add(words, VTD, "qi_submit_sync", "vtd_iova_to_", "vtd_iommu_translate", "vtd_dmar_fault");
    add(words, BOOT, "-- boot ", "-- reboot --");
    add(words, AMD, "amd-vi", "edac amd64", "amd ryzen", "amd epyc", "authenticamd", "amdi00");
    add(
        words,
        BOOT,
        "linux version",
        "tainted",
        "command line",
        "dmi:",
        "hardware name",
        "bios-e820",
        " (usable)",
        " (reserved)",
        "acpi nvs");
    add(words, INTEL, "intel(r)", "genuineintel");
    add(words, SIGN, SignGrammar.WORDS);
    add(words, DEVICE, "0000:", "10000:");
    add(words, TRACE, TraceGrammar.WORDS);
    add(words, JOURNAL, "\"message\"", "\"msg\"");
    add(words, MAIL, "=3d");
    return new Keywords(words);
  }

  private static void add(List<Word> words, long mark, String... texts) {
    for (String text : texts) {
      words.add(new Word(text.toLowerCase(Locale.ROOT), mark));
    }
  }

  /**
   * Reads a stream.
   *
   * @throws IOException if it cannot be read
   */
  static KernelLog read(InputStream in, String name) throws IOException {
    var reader = new LogReader();
    long bytes = new LogLines(KEYWORDS).read(LogInput.open(in), reader);
    reader.finish();
    return new KernelLog(name, bytes, reader.facts);
  }

  @Override
  public void line(byte[] bytes, int from, int to, long number, long marks) {
    if (marks == 0 && open == null && !LineCleaner.isSoft(bytes, from, to)) {
      return;
    }
    boolean journal = (marks & JOURNAL) != 0;
    for (LogLine line : cleaner.clean(bytes, from, to, number)) {
      accept(line, journal ? marks(line) : marks);
    }
  }

  /** What the message in a journal's object holds; the object itself has many other words. */
  private static long marks(LogLine line) {
    return KEYWORDS.in(line.text());
  }

  private void accept(LogLine line, long marks) {
    LogLine before = open;
    if (marks != 0 || before != null) {
      facts.keep(line);
    }
    if (before != null) {
      if (joined < MOST_JOINED && goesOn(before, line)) {
        joined++;
        LogLine whole = before.joined(line);
        read(whole, openMarks | marks | (before.soft() ? marks(whole) : 0));
        return;
      }
      finish();
    }
    if (marks != 0 || line.soft()) {
      facts.time(line);
      joined = 0;
      read(line, marks);
    }
  }

  private static boolean goesOn(LogLine before, LogLine line) {
    if (before.soft()) {
      return true;
    }
    if (BootGrammar.isCommandLine(before.text())) {
      return !line.prefixed() && BootGrammar.isParameters(line.text());
    }
    return !line.isGap() && !line.prefixed() && !startsAnew(line.text());
  }

  private static boolean startsAnew(String text) {
    return text.startsWith("DMAR")
        || text.startsWith("dmar")
        || text.startsWith("DRHD")
        || text.startsWith("INTR-REMAP:")
        || text.startsWith("[INTR-REMAP]")
        || text.startsWith("[DMA ")
        || text.startsWith("IOMMU ")
        || text.startsWith("[VT-D]")
        || OF_A_DEVICE.matcher(text).lookingAt();
  }

  /** Nothing follows: what is open must do. */
  private void finish() {
    LogLine last = open;
    open = null;
    if (last != null) {
      conclude(last, openMarks, true);
    }
  }

  private void read(LogLine line, long marks) {
    open = null;
    if (!conclude(line, marks, joined >= MOST_JOINED)) {
      open = line;
      openMarks = marks;
    }
  }

  /**
   * @return false if the line wants to go on
   */
  private boolean conclude(LogLine line, long marks, boolean last) {
    if (!last && line.soft()) {
      return false;
    }
    if ((marks & FAULT) != 0) {
      switch (faults.parse(line, facts.boots, last)) {
        case FaultGrammar.Unfinished u -> {
          return false;
        }
        case FaultGrammar.Whole(LogFault fault) -> {
          facts.fault(fault);
          platform(line);
          return true;
        }
        case FaultGrammar.ReasonLine(Reason reason) -> {
          facts.reason(line.number(), reason);
          platform(line);
          return true;
        }
        case FaultGrammar.Nothing n -> {}
      }
    }
    if (!last && BootGrammar.isUnfinished(line.text())) {
      return false;
    }
    if ((marks & FAULT) != 0 && messages.status(line)) {
      return true;
    }
    if (!last && wantsMore(line, marks)) {
      return false;
    }
    if ((marks & (VTD | BOOT | JOURNAL | FAULT)) != 0) {
      boot.read(line);
      messages.read(line);
    }
    if ((marks & (AMD | BOOT | INTEL | VTD)) != 0) {
      platform(line);
    }
    if ((marks & (TRACE | VTD)) != 0) {
      trace.read(line);
    }
    signs.read(line);
    return true;
  }

  private static boolean wantsMore(LogLine line, long marks) {
    return (marks & TRACE) != 0 && TraceGrammar.isUnfinished(line.text())
        || (marks & (VTD | BOOT)) != 0 && SignGrammar.isUnfinished(line);
  }

  private void platform(LogLine line) {
    Platforms.read(line, facts);
  }
}
