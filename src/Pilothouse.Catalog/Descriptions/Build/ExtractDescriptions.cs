// Compiled by MSBuild while the project is built (see Descriptions.targets), against .NET Standard 2.0: the older language and
// library are not a choice.
using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Text;
using System.Xml;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Pilothouse.Catalog.Build
{
    /// <summary>
    /// Takes the descriptions of API types, their fields and the parameters of operations out of the official client's
    /// documentation file, and writes them into one compressed file of <c>name NUL text NUL</c> pairs: <c>V1PodSpec</c>,
    /// <c>V1PodSpec.Containers</c>, <c>@ListNamespacedPod.limit</c>.
    /// </summary>
    public sealed class ExtractDescriptions : Task
    {
        private const string Models = "k8s.Models.";
        private const string Operations = "M:k8s.CoreV1OperationsExtensions.";

        // One operation of each sort is enough: the parameters read the same in all groups.
        private static readonly HashSet<string> Sorts = new HashSet<string>(StringComparer.Ordinal)
        {
            "ListNamespacedPod", "CreateNamespacedPod", "ReplaceNamespacedPod", "PatchNamespacedPod", "DeleteNamespacedPod",
            "DeleteCollectionNamespacedPod", "ReadNamespacedPodLog", "ConnectGetNamespacedPodExec",
            "ConnectGetNamespacedPodAttach", "ConnectGetNamespacedPodPortforward", "ConnectGetNamespacedPodProxy",
            "ConnectGetNamespacedPodProxyWithPath", "ConnectGetNamespacedServiceProxy", "ConnectGetNodeProxy",
        };

        [Required]
        public string DocumentationFile { get; set; }

        [Required]
        public string OutputFile { get; set; }

        public override bool Execute()
        {
            var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
            using (var reader = XmlReader.Create(DocumentationFile, new XmlReaderSettings { IgnoreComments = true }))
            {
                while (reader.ReadToFollowing("member"))
                    ReadMember(reader, found);
            }
            if (found.Count < 1000)
            {
                Log.LogError("{0} holds {1} descriptions of API types; far more were expected.", DocumentationFile, found.Count);
                return false;
            }
            Write(found);
            Log.LogMessage(MessageImportance.Normal, "{0}: {1} descriptions", OutputFile, found.Count);
            return true;
        }

        private static void ReadMember(XmlReader reader, SortedDictionary<string, string> found)
        {
            var name = reader.GetAttribute("name") ?? "";
            if (name.StartsWith("T:" + Models, StringComparison.Ordinal) || name.StartsWith("P:" + Models, StringComparison.Ordinal))
            {
                Read(reader, (element, text) =>
                {
                    if (element == "summary")
                        found[name.Substring(2 + Models.Length)] = text;
                });
                return;
            }
            if (!name.StartsWith(Operations, StringComparison.Ordinal))
                return;
            var end = name.IndexOf('(');
            var operation = end < 0 ? "" : name.Substring(Operations.Length, end - Operations.Length);
            if (Sorts.Contains(operation))
                Read(reader, (element, text) => found["@" + operation + "." + element] = text);
        }

        /// <summary>Gives the text of each part of a member: "summary", or the name of a parameter.</summary>
        private static void Read(XmlReader reader, Action<string, string> take)
        {
            using (var member = reader.ReadSubtree())
            {
                member.Read();
                while (member.Read())
                {
                    if (member.NodeType != XmlNodeType.Element)
                        continue;
                    var element = member.Name == "param" ? member.GetAttribute("name") : member.Name;
                    var text = DescriptionText.Unwrap(InnerText(member));
                    if (text.Length > 0)
                        take(element, text);
                }
            }
        }

        private static string InnerText(XmlReader reader)
        {
            var text = new StringBuilder();
            using (var part = reader.ReadSubtree())
            {
                while (part.Read())
                {
                    if (part.NodeType == XmlNodeType.Text || part.NodeType == XmlNodeType.CDATA
                        || part.NodeType == XmlNodeType.Whitespace || part.NodeType == XmlNodeType.SignificantWhitespace)
                        text.Append(part.Value);
                    else if (part.NodeType == XmlNodeType.Element && (part.Name == "para" || part.Name == "item"))
                        text.Append("\n\n");
                    else if (part.NodeType == XmlNodeType.Element && part.GetAttribute("cref") is string cref)
                        text.Append(cref.Substring(cref.LastIndexOf('.') + 1));
                }
            }
            return text.ToString();
        }

        private void Write(SortedDictionary<string, string> found)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(OutputFile)));
            // Written aside and moved: a build that is stopped half way leaves nothing that looks finished.
            var aside = OutputFile + "." + Guid.NewGuid().ToString("N");
            using (var file = File.Create(aside))
            using (var compressed = new DeflateStream(file, CompressionLevel.Optimal))
            {
                foreach (var pair in found)
                {
                    var bytes = Encoding.UTF8.GetBytes(pair.Key + "\0" + pair.Value + "\0");
                    compressed.Write(bytes, 0, bytes.Length);
                }
            }
            if (File.Exists(OutputFile))
                File.Delete(OutputFile);
            File.Move(aside, OutputFile);
        }
    }

    /// <summary>The text of an API description, as it was before a generator broke it into lines for a comment.</summary>
    public static class DescriptionText
    {
        // The generator breaks between words, so that no line is longer than this.
        private const int Width = 80;

        /// <summary>
        /// Joins the lines of a paragraph again. A line break is the author's own where the next word would still have fitted;
        /// otherwise the generator made it.
        /// </summary>
        public static string Unwrap(string comment)
        {
            var lines = comment.Replace("\r", "").Split('\n');
            var text = new StringBuilder(comment.Length);
            string previous = null;
            var nested = false;
            foreach (var raw in lines)
            {
                var line = raw.Trim();
                if (line.Length == 0)
                {
                    if (previous != null && previous.Length > 0)
                        text.Append('\n');
                    nested = false;
                }
                else if (previous == null)
                {
                    text.Append(line);
                }
                else if (previous.Length == 0)
                {
                    text.Append('\n').Append(line);
                }
                else if (previous.Length + 1 + FirstWord(line) > Width)
                {
                    text.Append(' ').Append(line);
                }
                else
                {
                    // A list below a point of a list lost its indentation.
                    nested = IsPoint(line) && (nested || (IsPoint(previous) && previous.EndsWith(":", StringComparison.Ordinal)));
                    text.Append('\n').Append(nested ? "  " : "").Append(line);
                }
                if (line.Length > 0 || previous != null)
                    previous = line;
            }
            return text.ToString().Trim();
        }

        private static int FirstWord(string line)
        {
            var end = line.IndexOf(' ');
            return end < 0 ? line.Length : end;
        }

        private static bool IsPoint(string line)
        {
            return line.StartsWith("* ", StringComparison.Ordinal) || line.StartsWith("- ", StringComparison.Ordinal);
        }
    }
}
