package dev.razor.core.fetch;

import dev.razor.core.base.DataException;
import dev.razor.core.lock.CacheCheck.Found;
import dev.razor.core.lock.LockEntry;
import dev.razor.core.lock.LockedFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Sizes and digests that the hub tells of its large files, without a byte of them: in its answer to `HEAD`,
/// `X-Linked-Size` and `X-Linked-Etag` (the SHA-256 of a file that is stored by its content). Small files,
/// which lie in the repository itself, have none.
public final class LinkedFiles {

    private LinkedFiles() {}

    /// What the hub tells of an entry's files, by path.
    ///
    /// @throws DataException if it cannot be asked or says no, or if the entry is none of the hub's
    public static SequencedMap<String, Found> of(LockEntry entry, Hub hub, FetchOptions options)
            throws InterruptedException {
        Path local = entry.local();
        if (local != null) {
            throw new DataException("%s: %s lacks files of models.lock, or has them in other sizes; %s"
                    .formatted(entry.name(), local, entry.remedy(local)));
        }
        SequencedMap<String, Found> found = new LinkedHashMap<>();
        try (Requests requests = new Requests(hub, options.stall())) {
            for (LockedFile file : entry.files()) {
                var address = entry.addresses(file, hub.endpoint()).getFirst();
                if (!hub.isEndpoint(address)) {
                    continue;
                }
                try (Answer answer = requests.send("HEAD", address, Map.of())) {
                    String sha256 = answer.linkedBytes() >= 0 ? answer.linkedSha256() : null;
                    // a store behind the hub may not answer HEAD; what the hub said on the way holds
                    if (sha256 == null || hub.isEndpoint(answer.from())) {
                        requireOk(answer);
                    }
                    if (sha256 != null) {
                        found.put(file.path(), new Found(answer.linkedBytes(), sha256));
                    }
                } catch (TransientFailure e) {
                    throw new DataException(
                            "%s/%s: cannot be asked for: %s: %s; try again later"
                                    .formatted(entry.name(), file.path(), address.getHost(), e.getMessage()),
                            e);
                } catch (PermanentFailure e) {
                    throw new DataException(
                            "%s/%s: cannot be asked for: %s: %s"
                                    .formatted(entry.name(), file.path(), address.getHost(), e.getMessage()),
                            e);
                }
            }
        }
        return found;
    }

    /// What a file is recorded by is told by a hub that has it.
    private static void requireOk(Answer answer) throws PermanentFailure, TransientFailure {
        if (List.of(405, 501).contains(answer.status())) {
            throw new PermanentFailure("answers %d; fetch it, then lock it".formatted(answer.status()));
        }
        if (!List.of(200, 204, 206).contains(answer.status())) {
            throw Refusal.of(answer);
        }
    }
}
