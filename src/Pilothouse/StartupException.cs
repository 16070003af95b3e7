namespace Pilothouse;

/// <summary>What keeps the program from starting, in words for whoever started it: printed as it is, without a stack trace.</summary>
internal sealed class StartupException(string message, Exception? cause = null) : Exception(message, cause);
