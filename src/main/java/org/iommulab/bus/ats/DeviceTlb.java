package org.iommulab.bus.ats;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.bus.DmaAccess.Kind;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/**
 * The translation cache of an endpoint, with its duties: it keeps only what was granted, drops what
 * it is told to drop, and says so. Entries are found by PASID and address; the oldest leaves first.
 *
 * <p>It does what real endpoints should; {@link #setManner} makes it slow or silent.
 */
public final class DeviceTlb implements AtsEndpoint {

  /** Entries of an ordinary endpoint. */
  public static final int USUAL_CAPACITY = 64;

  /** How it takes invalidations. */
  public enum Manner {
    /** Answers at once. */
    PROMPT("prompt"),
    /** Drops and answers only when told to, by {@link DeviceTlb#finish}. */
    SLOW("slow"),
    /** Ignores them. */
    SILENT("silent");

    private final String word;

    Manner(String word) {
      this.word = word;
    }

    /** The word used in scripts. */
    public String word() {
      return word;
    }
  }

  /** What a request of the device becomes. */
  public sealed interface Way {}

  /**
   * It goes out with this address and type.
   *
   * @param access the request as it is sent
   * @param entry the translation used
   */
  public record Send(DmaAccess access, TranslationEntry entry) implements Way {}

  /** The translation grants too little; the device may ask for the page. */
  public record Denied(TranslationEntry entry) implements Way {}

  /** The unit refuses to translate for this device. */
  public record Refused(TranslationCompletion completion) implements Way {}

  /**
   * One cached translation.
   *
   * @param pasid its tag, {@link Pasid#NONE} if none
   * @param entry the translation
   */
  public record Line(Pasid pasid, TranslationEntry entry) {}

  private record Key(Pasid pasid, PageRange range) {}

  private final SourceId source;
  private final TranslationAgent agent;
  private final int capacity;
  private final Map<Key, TranslationEntry> lines = new LinkedHashMap<>();
  private final Deque<InvalidationRequest> waiting = new ArrayDeque<>();
  private final List<PageGroupResponse> responses = new ArrayList<>();
  private Manner manner = Manner.PROMPT;

  /** The empty cache of one endpoint. */
  public DeviceTlb(SourceId source, TranslationAgent agent, int capacity) {
    this.source = source;
    this.agent = agent;
    this.capacity = capacity;
  }

  /** The endpoint it belongs to. */
  public SourceId source() {
    return source;
  }

  /** Makes it prompt, slow or silent. */
  public void setManner(Manner newManner) {
    manner = newManner;
  }

  public Manner manner() {
    return manner;
  }

  // ---- translations ----------------------------------------------------------------------------

  /** The cached translation of an address, or null. */
  public @Nullable TranslationEntry find(Pasid pasid, long address) {
    for (var line : lines.entrySet()) {
      if (line.getKey().pasid().equals(pasid) && line.getKey().range().contains(address)) {
        return line.getValue();
      }
    }
    return null;
  }

  /** Asks the unit and keeps what it grants. */
  public TranslationCompletion fetch(TranslationRequest request) {
    TranslationCompletion completion = agent.translate(request);
    for (TranslationEntry entry : completion.entries()) {
      if (!entry.isNone() && !entry.untranslatedOnly()) {
        keep(request.pasid(), entry);
      }
    }
    return completion;
  }

  private void keep(Pasid pasid, TranslationEntry entry) {
    lines
        .keySet()
        .removeIf(key -> key.pasid().equals(pasid) && key.range().overlaps(entry.input()));
    if (lines.size() >= capacity) {
      lines.remove(lines.keySet().iterator().next());
    }
    lines.put(new Key(pasid, entry.input()), entry);
  }

  /**
   * Turns an untranslated request into what the device sends: by a cached translation that allows
   * it, else by a new one. What a cached translation allows is not asked again.
   */
  public Way way(DmaAccess access) {
    TranslationEntry cached = find(access.pasid(), access.address());
    if (cached != null && allows(cached, access)) {
      return send(access, cached);
    }
    var request =
        new TranslationRequest(
            source,
            Page.start(access.address()),
            1,
            access.pasid(),
            !access.writes(),
            access.kind() == Kind.EXECUTE,
            access.privileged());
    TranslationCompletion completion = fetch(request);
    if (completion.entries().isEmpty()) {
      return new Refused(completion);
    }
    TranslationEntry entry = completion.entries().getFirst();
    if (entry.untranslatedOnly()) {
      return new Send(access, entry);
    }
    return allows(entry, access) ? send(access, entry) : new Denied(entry);
  }

  private static Way send(DmaAccess access, TranslationEntry entry) {
    var translated =
        new DmaAccess(
            access.source(),
            entry.output(access.address()),
            access.length(),
            access.kind(),
            Pasid.NONE,
            false,
            AddressType.TRANSLATED,
            false);
    return new Send(translated, entry);
  }

  private static boolean allows(TranslationEntry entry, DmaAccess access) {
    return switch (access.kind()) {
      case READ -> entry.readable();
      case WRITE -> entry.writable();
      case EXECUTE -> entry.readable() && entry.executable();
      case ATOMIC -> entry.readable() && entry.writable();
    };
  }

  /** What it holds, oldest first. */
  public List<Line> lines() {
    return lines.entrySet().stream()
        .map(line -> new Line(line.getKey().pasid(), line.getValue()))
        .toList();
  }

  // ---- invalidations ---------------------------------------------------------------------------

  @Override
  public Answer invalidate(InvalidationRequest request) {
    return switch (manner) {
      case PROMPT -> {
        drop(request);
        yield Answer.COMPLETED;
      }
      case SLOW -> {
        waiting.add(request);
        yield Answer.LATER;
      }
      case SILENT -> Answer.NEVER;
    };
  }

  private void drop(InvalidationRequest request) {
    lines.keySet().removeIf(key -> request.covers(key.pasid(), key.range()));
  }

  /** Carries out what a slow endpoint has put off; tells how many invalidations that were. */
  public int finish() {
    int count = waiting.size();
    for (int i = 0; i < count; i++) {
      InvalidationRequest request = waiting.removeFirst();
      drop(request);
      agent.invalidationCompleted(source, request.tag());
    }
    return count;
  }

  /** Drops everything, as a reset or switching ATS off does; nobody is told. */
  public void clear() {
    lines.clear();
    waiting.clear();
    responses.clear();
  }

  // ---- page requests ---------------------------------------------------------------------------

  /** Asks for a page. */
  public TranslationAgent.Receipt request(PageRequestMessage message) {
    return agent.request(message);
  }

  @Override
  public void pageGroupResponse(PageGroupResponse response) {
    responses.add(response);
  }

  /** The responses that came since the last call, oldest first. */
  public List<PageGroupResponse> drainResponses() {
    var drained = List.copyOf(responses);
    responses.clear();
    return drained;
  }
}
